// Which lanes are drawn, and in which order: the dialog, the gutter, and `lanes=` of the address.

import { write } from "./address.js";

export class Lanes {
  #dialog;
  #plot;
  #order;
  #redraw;

  // `order` is how the lanes come; `redraw(lanes)` draws the figure anew, of these, or of all where it is null.
  constructor(dialog, wide, order, redraw) {
    this.#dialog = dialog;
    this.#plot = wide;
    this.#redraw = redraw;
    this.take(order);
    dialog.addEventListener("change", () => this.#changed());
    dialog.addEventListener("click", (event) => {
      const button = event.target.closest("[data-lane-move]");
      if (button) this.#move(button.closest("li"), Number(button.dataset.laneMove), button);
      if (event.target.closest("[data-lanes-reset]")) this.#reset();
    });
  }

  // The lanes that have marks by now, when their rows have been written anew.
  take(order) {
    const filled = new Set(this.#items.map((item) => item.dataset.lane));
    this.#order = order.filter((lane) => filled.has(lane));
  }

  // The middle of each lane that is drawn, in pixels from the top.
  get middles() {
    const rows = [...this.#plot.querySelectorAll(".rows > :not([hidden])")];
    return new Map(rows.map((row) => [row.dataset.lane, row.offsetTop + row.offsetHeight / 2]));
  }

  // The lane at a place, from 1; the last one that is drawn stays.
  toggle(number) {
    const box = this.#items[number - 1]?.querySelector("input");
    if (!box) return;
    box.checked = !box.checked;
    return this.#changed();
  }

  get #items() {
    return [...this.#dialog.querySelectorAll("li[data-lane]")];
  }

  #move(item, by, button) {
    const other = by < 0 ? item.previousElementSibling : item.nextElementSibling;
    if (!other) return;
    other[by < 0 ? "before" : "after"](item);
    button.focus();
    this.#changed();
  }

  #reset() {
    const list = this.#dialog.querySelector("ol");
    const place = (item) => this.#order.indexOf(item.dataset.lane);
    list.append(...this.#items.toSorted((a, b) => place(a) - place(b)));
    for (const item of this.#items) item.querySelector("input").checked = true;
    this.#changed();
  }

  #changed() {
    const boxes = this.#items.map((item) => item.querySelector("input"));
    const shown = this.#items.filter((_, i) => boxes[i].checked).map((item) => item.dataset.lane);
    for (const box of boxes) box.disabled = box.checked && shown.length === 1;
    if (!shown.length) return;
    this.#lay(shown);
    const plain = shown.join() === this.#order.join();
    write({ lanes: plain ? null : shown.join(",") });
    return this.#redraw(plain ? null : shown);
  }

  #lay(shown) {
    for (const list of this.#plot.querySelectorAll(".gutter, .rows")) {
      const of = new Map([...list.children].map((row) => [row.dataset.lane, row]));
      for (const row of of.values()) row.hidden = !shown.includes(row.dataset.lane);
      list.prepend(...shown.map((lane) => of.get(lane)));
    }
  }
}
