// What made what happen: an arrow from a moment on one lane to the moment on another that it caused.

const SVG = "http://www.w3.org/2000/svg";
const BOW = 26;

export class Arrows {
  #axis;
  #hops;

  constructor(svg, axis, hops, middles) {
    this.#axis = axis;
    if (!hops.length) return;
    const head = add(svg, "marker", { id: "head", viewBox: "0 0 8 8", refX: 7, refY: 4, markerWidth: 7, markerHeight: 7, orient: "auto" });
    add(head, "path", { d: "M0 0.5 7.5 4 0 7.5z" });
    this.#hops = hops.map((hop) => ({ hop, path: add(svg, "path", { class: "hop", "marker-end": "url(#head)" }), y: [middles.get(hop.from_lane), middles.get(hop.to_lane)] }));
    const text = add(svg, "text", { class: "hop-name" });
    text.textContent = "amplifier";
    this.#hops.text = text;
    axis.onMove(() => this.place());
    this.place();
  }

  place() {
    const right = this.#axis.x(this.#axis.range[1]);
    for (const { hop, path, y } of this.#hops) {
      const [from, to] = [this.#axis.x(hop.from_s) + 7, this.#axis.x(hop.to_s) + 8];
      const bow = Math.max(from, to) + BOW;
      path.setAttribute("d", `M${from} ${y[0] - 2} C${bow} ${y[0] - 4} ${bow} ${y[1] + 4} ${to} ${y[1] + 2}`);
      path.toggleAttribute("hidden", Math.min(from, to) > right || Math.max(from, to) < 0);
    }
    const { hop, y } = this.#hops[0];
    const x = this.#axis.x(Math.max(hop.from_s, hop.to_s)) + BOW + 8;
    this.#hops.text.setAttribute("x", x);
    this.#hops.text.setAttribute("y", y[1] + 4);
    this.#hops.text.toggleAttribute("hidden", x > right || x < 0);
  }
}

function add(parent, name, attributes) {
  const element = document.createElementNS(SVG, name);
  for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, value);
  parent.append(element);
  return element;
}
