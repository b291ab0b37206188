// The Plotly figure: fetched, filled with waveforms, coloured by the theme, and kept sharp when zoomed.

import { coloured } from "./colours.js";
import { ticks } from "./time.js";

const CONFIG = {
  displayModeBar: false,
  displaylogo: false,
  showSendToCloud: false, // on by default, it would post the figure to somebody else's server
  showTips: false,
  doubleClick: false,
  responsive: true,
};
const COLUMNS = 2400; // finer than the widest plot has pixels
const LEAST_S = 0.5; // stamps are no finer: a shorter view shows nothing more, and one is lost in it
const QUIET = 16; // of 127: a channel without speech is not blown up to look like noise

export class Figure {
  #div;
  #api;
  #spec;
  #recording;
  #fetched;
  #loudest = {};

  // Gives a drawn figure; `api` is the call's address in the API.
  static async draw(div, api, recording) {
    const figure = new Figure(div, api, recording);
    figure.#spec = await answered(early.figure());
    const { layout } = figure.#spec;
    Object.assign(layout.margin, { l: 0 });
    Object.assign(layout.yaxis, { showticklabels: false });
    layout.font.family = getComputedStyle(document.body).fontFamily;
    await Promise.all([figure.#sharpen(layout.xaxis.range), early.load()]);
    Object.assign(layout.xaxis, ticks(layout.xaxis.range, div.clientWidth));
    await Plotly.newPlot(div, ...figure.#drawn(), CONFIG);
    div.on("plotly_relayout", (change) => figure.#moved(change));
    document.addEventListener("themechange", () => figure.#redraw());
    return figure;
  }

  constructor(div, api, recording) {
    this.#div = div;
    this.#api = api;
    this.#recording = recording;
  }

  get full() {
    return [this.#spec.layout.xaxis.minallowed, this.#spec.layout.xaxis.maxallowed];
  }

  get range() {
    return this.#div.layout.xaxis.range.map(Number);
  }

  show(range) {
    const [least, most] = this.full;
    const length = Math.min(Math.max(range[1] - range[0], LEAST_S), most - least);
    const from = Math.min(Math.max((range[0] + range[1] - length) / 2, least), most - length);
    return Plotly.relayout(this.#div, { "xaxis.range": [from, from + length] });
  }

  zoom(factor, around) {
    const [from, to] = this.range;
    const centre = around > from && around < to ? around : (from + to) / 2;
    return this.show([centre - (centre - from) * factor, centre + (to - centre) * factor]);
  }

  #drawn() {
    const { data, layout } = coloured(this.#spec);
    return [data, layout];
  }

  #redraw() {
    return Plotly.react(this.#div, ...this.#drawn(), CONFIG);
  }

  async #moved(change) {
    if (!("xaxis.range" in change || "xaxis.range[0]" in change || "xaxis.autorange" in change)) return;
    const [from, to] = this.range;
    if (to - from < LEAST_S - 1e-6) return this.show([from, to]);
    const { xaxis } = this.#spec.layout;
    xaxis.range = "xaxis.autorange" in change ? this.full : this.range;
    Object.assign(xaxis, ticks(xaxis.range, this.#div.clientWidth));
    await this.#sharpen(xaxis.range);
    await this.#redraw();
  }

  // Fetches the waveform again only where the one we have is too coarse for the view or lies beside it.
  async #sharpen([from, to]) {
    const waves = this.#spec.data.filter((trace) => trace.meta?.channel);
    const wanted = (to - from) / COLUMNS;
    const has = this.#fetched;
    if (!waves.length || (has && has.from <= from && has.to >= to && has.dx <= Math.max(wanted * 2, has.finest))) return;
    const channels = [...new Set(waves.map((trace) => trace.meta.channel))];
    const read = await Promise.all(channels.map((channel) => this.#peaks(channel, from, to)));
    for (const trace of waves) {
      const peaks = read[channels.indexOf(trace.meta.channel)];
      if (!peaks) continue;
      const { middle, half, edge } = trace.meta;
      trace.x0 = peaks.x0 + peaks.dx / 2;
      trace.dx = peaks.dx;
      // The y axis runs downwards.
      trace.y = peaks[edge].map((value) => middle - (value / peaks.loudest) * half);
    }
    const dx = Math.max(0, ...read.map((peaks) => peaks?.dx ?? 0));
    // Asked for all columns of a second and given fewer: there is nothing finer.
    this.#fetched = { from, to, dx, finest: dx > wanted ? dx : 0 };
  }

  async #peaks(channel, from, to) {
    const { recording } = this.#recording;
    const query = new URLSearchParams({ channel, from, to, px: COLUMNS, recording });
    try {
      const peaks = await answered(fetch(`${this.#api}/peaks?${query}`, { headers: { Accept: "application/json" } }));
      // Each channel fills its lane; the scale stays when zoomed.
      const loudest = Math.max(QUIET, ...peaks.greatest, ...peaks.least.map((value) => -value));
      this.#loudest[channel] = Math.max(this.#loudest[channel] ?? 0, loudest);
      return { ...peaks, loudest: this.#loudest[channel] };
    } catch {
      return null; // no waveform is no reason to draw nothing
    }
  }
}

async function answered(answer) {
  const given = await answer;
  if (!given.ok) throw new Error(`${given.status} for ${given.url}`);
  return given.json();
}
