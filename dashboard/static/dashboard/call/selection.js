// A stretch of the call that is marked on the axis, looped and downloaded: a mark, or from here to there.

import { spanText } from "./address.js";
import { namePlace, selected } from "./sel.js";
import { offset } from "./time.js";

export class Selection extends EventTarget {
  #page;
  #player;
  #timeline;
  #range = null;

  constructor(page, player, timeline) {
    super();
    this.#page = page;
    this.#player = player;
    this.#timeline = timeline;
    player.addEventListener("stretch", () => this.#showLoop());
  }

  get range() {
    return this.#range;
  }

  // As the address asks: the id of a mark, or two seconds. Gives where it begins, or null.
  restore() {
    const { stretch, mark: id } = selected();
    const mark = this.#timeline.marks.find((each) => each.id === id);
    const range = mark ? bounds(mark) : stretch;
    if (range) this.#set(range, mark ? id : spanText(stretch));
    return range?.[0] ?? null;
  }

  select(from, to) {
    const ends = [Math.min(from, to), Math.max(from, to)];
    this.#set(ends, spanText(ends));
  }

  from(t) {
    const [, to] = this.#range ?? [];
    this.select(t, to > t ? to : this.#timeline.call_end_s);
  }

  to(t) {
    const [from] = this.#range ?? [];
    this.select(from < t ? from : Math.min(0, t), t);
  }

  clear() {
    this.#set(null, null);
    this.#player.unloop();
  }

  // Loops what is selected; without that the gap or the mark at the playhead.
  toggleLoop() {
    if (this.#player.stretch?.loop) return this.#player.unloop();
    if (!this.#range) {
      const mark = at(this.#timeline.marks, this.#player.t);
      if (!mark) return;
      this.#set(bounds(mark), mark.id);
    }
    this.#player.loop(...this.#range);
  }

  // Lays the band of the selection on an axis.
  drawOn(axis, band) {
    const place = () => {
      band.hidden = !this.#range;
      if (!this.#range) return;
      const [from, to] = this.#range.map((t) => Math.min(Math.max(axis.x(t), 0), axis.x(axis.range[1])));
      band.style.transform = `translateX(${from}px)`;
      band.style.width = `${Math.max(2, to - from)}px`;
    };
    axis.onMove(place);
    this.addEventListener("change", place);
    place();
  }

  #set(range, text) {
    this.#range = range;
    namePlace(text);
    this.#say();
    this.dispatchEvent(new Event("change"));
  }

  #say() {
    const words = this.#page.querySelector("[data-selection]");
    words.textContent = this.#range
      ? `${offset(this.#range[0])}–${offset(this.#range[1])}`
      : "Nothing is selected: the playhead's mark is looped.";
    const link = this.#page.querySelector("[data-download]");
    if (!link) return;
    const query = this.#range ? `?${new URLSearchParams({ from: this.#range[0], to: this.#range[1] })}` : "";
    link.href = link.dataset.download + query;
    link.querySelector("span").textContent = this.#range ? "Download the selection as WAV" : "Download the recording";
  }

  #showLoop() {
    for (const button of this.#page.querySelectorAll("[data-loop]")) {
      button.setAttribute("aria-pressed", Boolean(this.#player.stretch?.loop));
    }
  }
}

const bounds = (mark) => [mark.start_s, Math.max(mark.end_s ?? 0, mark.start_s + 1)];

// A gap before anything else, then the shortest stretch.
function at(marks, t) {
  const here = marks.filter((mark) => mark.end_s !== null && mark.start_s <= t && t < mark.end_s);
  const length = (mark) => (mark.kind === "gap" ? -1 : mark.end_s - mark.start_s);
  return here.toSorted((a, b) => length(a) - length(b))[0];
}
