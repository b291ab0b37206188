// The line at the current moment: an element of our own, moved by transform. Plotly is not asked (42 ms a frame).

import { sentence } from "./describe.js";
import { offset } from "./time.js";

export class Playhead {
  #element;
  #axis;
  #player;
  #timeline;

  constructor(element, axis, player, timeline) {
    this.#element = element;
    this.#axis = axis;
    this.#player = player;
    this.#timeline = timeline;
    element.hidden = false;
    player.addEventListener("time", () => this.place());
    player.addEventListener("seek", () => this.place());
    for (const name of ["seek", "state"]) player.addEventListener(name, () => this.tell());
    axis.onMove(() => this.place());
    this.place();
    this.tell();
    this.#draggable();
  }

  place() {
    const x = this.#axis.x(this.#player.t);
    this.#element.style.transform = `translateX(${x}px)`;
    this.#element.classList.toggle("outside", x < -1 || x > this.#axis.x(this.#axis.range[1]) + 1);
  }

  // A slider says its value when it stands still; sixty times a second would be noise.
  tell() {
    if (this.#player.playing || this.#element.role !== "slider") return;
    this.#element.ariaValueNow = this.#player.t.toFixed(1);
    this.#element.ariaValueText = `${offset(this.#player.t)}, ${sentence(this.#timeline, this.#player.t)}`;
  }

  #draggable() {
    const drag = (event) => {
      const box = this.#element.parentElement.getBoundingClientRect();
      this.#player.seek(this.#axis.seconds(event.clientX - box.left));
    };
    this.#element.addEventListener("pointerdown", (event) => {
      this.#element.setPointerCapture(event.pointerId);
      this.#element.addEventListener("pointermove", drag);
      const stop = () => this.#element.removeEventListener("pointermove", drag);
      this.#element.addEventListener("lostpointercapture", stop, { once: true });
    });
  }
}
