// From seconds to pixels and back. The only place that touches what is private in Plotly: its axis object
// with `_offset`, `_length`, `d2p` and `p2d`. tests/dashboard/call/test_page.py fails when an upgrade changes it.

export class PlotAxis {
  #div;
  #listeners = [];

  constructor(div) {
    this.#div = div;
    if (!PlotAxis.understands(div)) throw new Error("Plotly's axis has changed; see axis.js");
    const moved = () => this.#listeners.forEach((listener) => listener());
    for (const event of ["plotly_relayout", "plotly_relayouting", "plotly_afterplot"]) div.on(event, moved);
  }

  static understands(div) {
    const axis = div._fullLayout?.xaxis;
    return (
      typeof axis?.d2p === "function" &&
      typeof axis.p2d === "function" &&
      Number.isFinite(axis._offset) &&
      Number.isFinite(axis._length)
    );
  }

  get #axis() {
    return this.#div._fullLayout.xaxis;
  }

  x(seconds) {
    return this.#axis._offset + this.#axis.d2p(seconds);
  }

  // The same for very many seconds, as the axis lies now.
  places() {
    const [from, to] = this.range;
    const [left, right] = [this.x(from), this.x(to)];
    return (seconds) => left + ((seconds - from) / (to - from)) * (right - left);
  }

  seconds(x) {
    return this.#axis.p2d(x - this.#axis._offset);
  }

  get range() {
    return this.#axis.range.map(Number);
  }

  get width() {
    return this.#axis._length;
  }

  onMove(listener) {
    this.#listeners.push(listener);
  }
}

// The same for a strip that the server has drawn.
export class StripAxis {
  #element;
  #resized = [];

  constructor(element, range) {
    this.#element = element;
    this.range = range;
    new ResizeObserver(() => this.#tell()).observe(element);
  }

  // Another part of the call lies under the strip now.
  show(range) {
    this.range = range;
    this.#tell();
  }

  #tell() {
    this.#resized.forEach((listener) => listener());
  }

  get width() {
    return this.#element.clientWidth;
  }

  x(seconds) {
    const [from, to] = this.range;
    return ((seconds - from) / (to - from)) * this.width;
  }

  seconds(x) {
    const [from, to] = this.range;
    return from + (x / this.width) * (to - from);
  }

  onMove(listener) {
    this.#resized.push(listener);
  }
}
