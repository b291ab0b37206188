// The clock of the page. The <audio> element is the clock where there is sound; before and after it, and
// where there is no recording, the time runs silently.

export class Player extends EventTarget {
  #audio;
  #recording;
  #range;
  #t;
  #playing = false;
  #speed = 1;
  #since = 0;
  #channels;

  constructor(audio, recording, [from, to]) {
    super();
    this.#audio = recording ? audio : null;
    this.#recording = recording;
    this.#range = [from, to];
    this.#t = recording?.start_s ?? Math.max(from, 0);
    this.#audio?.addEventListener("error", () => {
      this.#audio = null; // the bytes cannot be had; the replay goes on without sound
      this.dispatchEvent(new Event("soundless"));
    });
  }

  get t() {
    return this.#t;
  }

  get playing() {
    return this.#playing;
  }

  get #audible() {
    return this.#audio !== null && this.#t >= this.#recording.start_s && this.#t < this.#recording.end_s;
  }

  seek(seconds) {
    this.#t = Math.min(Math.max(seconds, this.#range[0]), this.#range[1]);
    if (this.#audible) this.#audio.currentTime = this.#t - this.#recording.start_s;
    else this.#audio?.pause();
    this.#since = performance.now();
    this.#tell("seek");
    if (this.#playing) this.#sound();
  }

  async toggle() {
    if (this.#playing) return this.pause();
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

  set speed(rate) {
    this.#speed = rate;
    if (this.#audio) this.#audio.playbackRate = rate;
  }

  // both, caller or agent: one channel goes to both ears.
  set channel(name) {
    if (!this.#audio) return;
    this.#channels ??= split(this.#audio, this.#recording.swapped);
    this.#channels(name);
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
    if (this.#audible && !this.#audio.ended) {
      // Until the element has sought and begun, its time says nothing yet.
      if (!this.#audio.paused && !this.#audio.seeking) this.#t = this.#recording.start_s + this.#audio.currentTime;
    } else {
      const before = this.#audible;
      this.#t += ((now - this.#since) / 1000) * this.#speed;
      if (!before && this.#audible) {
        this.#audio.currentTime = this.#t - this.#recording.start_s;
        this.#sound();
      }
    }
    this.#since = now;
    if (this.#t >= this.#range[1]) {
      this.#t = this.#range[1];
      this.pause();
    }
    this.#tell("time");
    requestAnimationFrame((next) => this.#frame(next));
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
