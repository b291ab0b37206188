// The whole of a long call under its lanes: a window that can be dragged, and two fields that say the same.

import { StripAxis } from "./axis.js";
import { offset } from "./time.js";

export class Minimap {
  #box;
  #axis;
  #figure;
  #timeline;

  constructor(box, figure, timeline) {
    this.#box = box;
    this.#figure = figure;
    this.#timeline = timeline;
    box.hidden = false;
    const map = box.querySelector("[data-map]");
    this.#axis = new StripAxis(map, [timeline.start_s, timeline.end_s]);
    this.#axis.onMove(() => this.#show());
    figure.addEventListener("view", () => this.#show());
    map.addEventListener("pointerdown", (event) => this.#drag(event, map));
    box.querySelector("form").addEventListener("submit", (event) => this.#asked(event));
    this.#show();
  }

  #show() {
    const [from, to] = this.#figure.range;
    const [left, right] = [from, to].map((t) => this.#axis.x(t));
    const window = this.#box.querySelector("[data-window]");
    window.style.transform = `translateX(${left}px)`;
    window.style.width = `${Math.max(4, right - left)}px`;
    const form = this.#box.querySelector("form");
    if (form.contains(document.activeElement) && document.activeElement.tagName === "INPUT") return;
    // Of the call: the axis has room beside it.
    form.elements.from.value = offset(Math.max(from, 0));
    form.elements.to.value = offset(Math.min(to, this.#timeline.call_end_s));
  }

  // A thumb moves its end, the window both, and beside it the window jumps there.
  #drag(event, map) {
    event.preventDefault();
    const [from, to] = this.#figure.range;
    const thumb = event.target.dataset.thumb;
    const second = (at) => this.#axis.seconds(at.clientX - map.getBoundingClientRect().left);
    const began = second(event);
    const inside = thumb !== undefined || (began >= from && began <= to);
    const moved = (by) => (thumb === "0" ? [from + by, to] : thumb === "1" ? [from, to + by] : [from + by, to + by]);
    const show = ([a, b]) => b > a && this.#figure.show([a, b]);
    if (!inside) return show([began - (to - from) / 2, began + (to - from) / 2]);
    map.setPointerCapture(event.pointerId);
    const move = (at) => show(moved(second(at) - began));
    map.addEventListener("pointermove", move);
    map.addEventListener("lostpointercapture", () => map.removeEventListener("pointermove", move), { once: true });
  }

  #asked(event) {
    event.preventDefault();
    const fields = event.target.elements;
    const [from, to] = [seconds(fields.from.value), seconds(fields.to.value)];
    fields.from.setAttribute("aria-invalid", from === null);
    fields.to.setAttribute("aria-invalid", to === null || to <= from);
    if (from !== null && to !== null && to > from) this.#figure.show([from, to]);
  }
}

// Seconds of "1:02:03.5", "62:03" or "3723.5"; null for anything else.
export function seconds(text) {
  const plain = text.trim().replace("−", "-");
  if (!/^-?(\d+:){0,2}\d+(\.\d+)?$/.test(plain)) return null;
  const value = plain.replace("-", "").split(":").reduce((sum, part) => sum * 60 + Number(part), 0);
  return plain.startsWith("-") ? -value : value;
}
