// The waveforms of the figure: asked for as finely as the view can show, and kept until it needs finer ones.

const COLUMNS = early.columns;
const QUIET = 16; // of 127: a channel without speech is not blown up to look like noise

export class Waves {
  #recording;
  #has = null;
  #read = new Map();
  #loudest = {};

  constructor(recording) {
    this.#recording = recording;
  }

  // Fills the traces' x0, dx and y. Fetches only where what we have is too coarse for the view or lies beside
  // it; `anew` fills traces that are new with what we have. Says whether anything was filled.
  async sharpen(traces, [from, to], anew = false) {
    const waves = traces.filter((trace) => trace.meta?.channel);
    if (!waves.length) return false;
    const channels = [...new Set(waves.map((trace) => trace.meta.channel))];
    const wanted = (to - from) / COLUMNS;
    const has = this.#has;
    const enough = has && has.from <= from && has.to >= to && has.dx <= Math.max(wanted * 2, has.finest);
    const known = channels.every((channel) => this.#read.has(channel));
    if (enough && known && !anew) return false;
    if (!enough || !known) await this.#fetch(channels, from, to, wanted);
    for (const trace of waves) {
      const peaks = this.#read.get(trace.meta.channel);
      if (!peaks) continue;
      const { middle, half, edge } = trace.meta;
      trace.x0 = peaks.x0 + peaks.dx / 2;
      trace.dx = peaks.dx;
      // The y axis runs downwards.
      trace.y = peaks[edge].map((value) => middle - (value / peaks.loudest) * half);
    }
    return true;
  }

  async #fetch(channels, from, to, wanted) {
    const read = await Promise.all(channels.map((channel) => this.#peaks(channel, from, to)));
    channels.forEach((channel, i) => this.#read.set(channel, read[i]));
    const dx = Math.max(0, ...read.map((peaks) => peaks?.dx ?? 0));
    // Asked for all columns of a second and given fewer: there is nothing finer.
    this.#has = { from, to, dx, finest: dx > wanted ? dx : 0 };
  }

  async #peaks(channel, from, to) {
    try {
      const answer = await early.peaks(this.#recording.recording, channel, from, to);
      if (!answer.ok) throw new Error(answer.status);
      const peaks = await answer.json();
      // Each channel fills its lane; the scale stays when zoomed.
      const loudest = Math.max(QUIET, ...peaks.greatest, ...peaks.least.map((value) => -value));
      this.#loudest[channel] = Math.max(this.#loudest[channel] ?? 0, loudest);
      return { ...peaks, loudest: this.#loudest[channel] };
    } catch {
      return null; // no waveform is no reason to draw nothing
    }
  }
}
