// A line under the pointer through all lanes, and one card that says what they show there.

import { phrases } from "./describe.js";
import { clock, offset, ownClock } from "./time.js";

export class Cursor {
  #plot;
  #line;
  #card;
  #axis;
  #timeline;

  constructor(plot, axis, timeline) {
    this.#plot = plot;
    this.#line = plot.querySelector("[data-cursor]");
    this.#card = plot.querySelector("[data-card]");
    this.#axis = axis;
    this.#timeline = timeline;
    plot.addEventListener("pointermove", (event) => this.#show(event));
    plot.addEventListener("pointerleave", () => this.hide());
    axis.onMove(() => this.hide());
  }

  hide() {
    this.#line.hidden = this.#card.hidden = true;
  }

  #show(event) {
    const box = this.#plot.getBoundingClientRect();
    const x = event.clientX - box.left;
    if (event.pointerType === "touch" || event.buttons || x < 0 || x > box.width) return this.hide();
    const t = this.#axis.seconds(x);
    this.#line.hidden = this.#card.hidden = false;
    this.#line.style.transform = `translateX(${x}px)`;
    this.#fill(t);
    const width = this.#card.offsetWidth;
    const left = x + 14 + width > box.width ? x - 14 - width : x + 14;
    const top = Math.min(Math.max(0, event.clientY - box.top + 14), box.height - this.#card.offsetHeight - 4);
    this.#card.style.transform = `translate(${left}px, ${top}px)`;
  }

  #fill(t) {
    const head = document.createElement("p");
    head.append(Object.assign(document.createElement("b"), { textContent: offset(t) }));
    const { started_at } = this.#timeline;
    if (started_at) {
      const day = new Date(Date.parse(started_at) + t * 1000).toISOString().slice(0, 10);
      const own = ownClock(started_at, t);
      head.append(` ${day} ${clock(started_at, t)} UTC`, own && ` · ${own}`);
    }
    const rows = phrases(this.#timeline, t).map(({ lane, text }) =>
      Object.assign(document.createElement("p"), { className: `of-${lane}`, textContent: text }),
    );
    this.#card.replaceChildren(head, ...rows);
  }
}
