// The clock of the page. The <audio> element is the clock where there is sound; before and after it, and
// where there is no recording, the time runs silently.

const PAUSE_S = 0.8; // shorter silence is how people speak
const BEFORE_S = 0.15; // of speech that is jumped to: its first sound is heard

export class Player extends EventTarget {
  skipSilence = false;
  #audio;
  #recording;
  #range;
  #speech;
  #t;
  #playing = false;
  #speed = 1;
  #since = 0;
  #channels;
  #stretch = null;

  // `speech` is when anybody speaks, as [from, to] in seconds, in order.
  constructor(audio, recording, [from, to], speech = []) {
    super();
    this.#audio = recording ? audio : null;
    this.#recording = recording;
    this.#range = [from, to];
    this.#speech = speech;
    this.#t = recording?.start_s ?? Math.max(from, 0);
    this.#audio?.addEventListener("error", () => this.#lose());
    if (this.#audio?.error) setTimeout(() => this.#lose()); // it failed before anybody listened
  }

  get t() {
    return this.#t;
  }

  get playing() {
    return this.#playing;
  }

  // What is played again and again, or once: {from, to, loop}; null for all.
  get stretch() {
    return this.#stretch;
  }

  get #audible() {
    return this.#audio !== null && this.#t >= this.#recording.start_s && this.#t < this.#recording.end_s;
  }

  seek(seconds) {
    this.#t = Math.min(Math.max(seconds, this.#range[0]), this.#range[1]);
    const { from, to } = this.#stretch ?? {};
    if (this.#stretch && (this.#t < from - 0.001 || this.#t >= to)) this.#limit(null);
    if (this.#audible) this.#audio.currentTime = this.#t - this.#recording.start_s;
    else this.#audio?.pause();
    this.#since = performance.now();
    this.#tell("seek");
    if (this.#playing) this.#sound();
  }

  // Plays from one second to another and stops there.
  listen(from, to) {
    this.#limit({ from, to, loop: false });
    this.seek(from);
    this.play();
  }

  loop(from, to) {
    this.#limit({ from, to, loop: true });
    if (this.#t < from || this.#t >= to) this.seek(from);
  }

  unloop() {
    this.#limit(null);
  }

  toggle() {
    return this.#playing ? this.pause() : this.play();
  }

  play() {
    if (this.#playing) return;
    if (this.#t >= this.#range[1]) this.#t = this.#range[0];
    this.#playing = true;
    this.seek(this.#t);
    this.dispatchEvent(new Event("state"));
    requestAnimationFrame((now) => this.#frame(now));
  }

  pause() {
    this.#playing = false;
    this.#audio?.pause();
    this.dispatchEvent(new Event("state"));
  }

  get speed() {
    return this.#speed;
  }

  set speed(rate) {
    this.#speed = rate;
    if (this.#audio) this.#audio.playbackRate = rate;
    this.dispatchEvent(new Event("speed"));
  }

  // both, caller or agent: one channel goes to both ears.
  set channel(name) {
    if (!this.#audio) return;
    this.#channels ??= split(this.#audio, this.#recording.swapped);
    this.#channels(name);
  }

  // The bytes cannot be had; the replay goes on without sound.
  #lose() {
    this.#audio = null;
    this.dispatchEvent(new Event("soundless"));
  }

  #limit(stretch) {
    this.#stretch = stretch;
    this.dispatchEvent(new Event("stretch"));
  }

  #sound() {
    if (!this.#audible) return;
    this.#audio.playbackRate = this.#speed;
    this.#audio.play().catch((error) => {
      // An interrupted play() is our own next seek; anything else means that the browser refuses.
      if (error.name === "NotAllowedError") this.pause();
    });
  }

  #frame(now) {
    if (!this.#playing) return;
    this.#advance(now);
    this.#since = now;
    this.#turn();
    this.#tell("time");
    if (this.#playing) requestAnimationFrame((next) => this.#frame(next));
  }

  #advance(now) {
    if (this.#audible && !this.#audio.ended) {
      // Until the element has sought and begun, its time says nothing yet.
      if (!this.#audio.paused && !this.#audio.seeking) this.#t = this.#recording.start_s + this.#audio.currentTime;
      return;
    }
    const before = this.#audible;
    this.#t += ((now - this.#since) / 1000) * this.#speed;
    if (!before && this.#audible) {
      this.#audio.currentTime = this.#t - this.#recording.start_s;
      this.#sound();
    }
  }

  // What happens at the end of what is played, and in silence.
  #turn() {
    const { from, to, loop } = this.#stretch ?? {};
    if (this.#stretch && this.#t >= to) {
      if (loop) return this.seek(from);
      this.#t = to;
      this.#limit(null);
      return this.pause();
    }
    if (this.#t >= this.#range[1]) {
      this.#t = this.#range[1];
      return this.pause();
    }
    if (this.skipSilence && this.#audible && !this.#audio.seeking) this.#overSilence();
  }

  #overSilence() {
    if (this.#speech.some(([from, to]) => from - BEFORE_S <= this.#t && this.#t < to)) return;
    const next = this.#speech.find(([from]) => from > this.#t)?.[0];
    if (next !== undefined && next - this.#t > PAUSE_S) this.seek(next - BEFORE_S);
  }

  #tell(name) {
    this.dispatchEvent(new Event(name));
  }
}

// Who is heard where follows who speaks, also in a recording with its channels the wrong way round.
function split(audio, swapped) {
  const context = new AudioContext();
  const splitter = context.createChannelSplitter(2);
  const merger = context.createChannelMerger(2);
  context.createMediaElementSource(audio).connect(splitter);
  merger.connect(context.destination);
  const [caller, agent] = swapped ? [1, 0] : [0, 1];
  const ways = { both: [[caller, 0], [agent, 1]], caller: [[caller, 0], [caller, 1]], agent: [[agent, 0], [agent, 1]] };
  return (name) => {
    context.resume();
    splitter.disconnect();
    for (const [from, to] of ways[name]) splitter.connect(merger, from, to);
  };
}
