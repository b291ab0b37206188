// What the server tells of calls as they change: by a stream of events, or by asking every 5 s where none holds.
// Events: `calls` with the ids, `all` where any call may have changed, `state`. In a background tab it rests.

const ASK_EVERY_MS = 5_000;
const SILENT_MS = 40_000; // the server says something every 15 s
const STREAM_AGAIN_MS = 30_000;
const [OPEN, CLOSED] = [1, 2]; // an EventSource's readyState

export class Changes extends EventTarget {
  state = window.EventSource ? "live" : "asking"; // or stale, paused, ended
  told = Date.now(); // when we last knew that nothing was missed
  #url;
  #position;
  #ask;
  #stream = null;
  #timer = null;
  #opened = 0;
  #asked = Date.now();

  // `ask()` looks for itself what changed, and resolves where it was answered: {ok, ended}.
  constructor(url, position, ask) {
    super();
    this.#url = url;
    this.#position = position;
    this.#ask = ask;
    document.addEventListener("visibilitychange", () => this.#turn());
    addEventListener("pagehide", () => this.#close());
    addEventListener("pageshow", (event) => event.persisted && this.#turn());
    this.#turn();
    this.#timer = setInterval(() => this.#watch(), 1_000);
  }

  pause() {
    this.#become("paused");
    this.#close();
  }

  again() {
    this.#become("live");
    this.#close();
    this.#turn();
    this.#look();
  }

  // Follow something else from now on.
  follow(url) {
    this.#url = url;
    this.#close();
    this.#turn();
  }

  #turn() {
    if (document.hidden || ["paused", "ended"].includes(this.state)) return this.#close();
    if (!this.#stream) this.#open();
  }

  #open() {
    this.#opened = Date.now();
    if (!window.EventSource) return;
    const url = new URL(this.#url, location.href);
    if (this.#position) url.searchParams.set("after", this.#position);
    const stream = (this.#stream = new EventSource(url));
    const on = (name, act) =>
      stream.addEventListener(name, (event) => {
        this.#position = event.lastEventId || this.#position;
        act(event);
      });
    stream.onopen = () => this.#heard();
    stream.onerror = () => this.#failed();
    on("beat", () => this.#heard());
    on("back", () => this.#heard());
    on("away", () => this.#become("stale"));
    on("ended", () => this.#end());
    on("reset", () => (this.#heard(), this.dispatchEvent(new CustomEvent("all"))));
    on("calls", (event) => {
      this.#heard();
      this.dispatchEvent(new CustomEvent("calls", { detail: JSON.parse(event.data).calls }));
    });
  }

  #close() {
    this.#stream?.close();
    this.#stream = null;
  }

  #heard() {
    this.told = Date.now();
    this.#become("live");
  }

  // A browser goes on trying by itself, unless it was refused. Meanwhile, and without a stream, we ask.
  #failed() {
    if (this.#stream?.readyState === CLOSED) this.#close();
    this.#look();
  }

  #end() {
    this.#close();
    this.#become("ended");
  }

  #watch() {
    if (document.hidden || ["paused", "ended"].includes(this.state)) return;
    const now = Date.now();
    const streams = this.#stream?.readyState === OPEN;
    if (streams && this.state === "live" && now - this.told > SILENT_MS) this.#failed();
    else if (!streams && now - this.#asked >= ASK_EVERY_MS) this.#look();
    if (!this.#stream && now - this.#opened > STREAM_AGAIN_MS) this.#open();
    if (this.state === "stale") this.dispatchEvent(new CustomEvent("state"));
  }

  async #look() {
    this.#asked = Date.now();
    const { ok, ended } = await this.#ask().catch(() => ({ ok: false }));
    if (this.state === "paused") return;
    if (ended) return this.#end();
    if (ok) this.told = Date.now();
    const streams = this.#stream?.readyState === OPEN;
    this.#become(ok ? (streams ? "live" : "asking") : "stale");
  }

  #become(state) {
    this.state = state;
    this.dispatchEvent(new CustomEvent("state"));
  }
}
