// What made what happen: an arrow from a moment on one lane to the moment on another that it caused.

const SVG = "http://www.w3.org/2000/svg";
const BOW = 26;

export class Arrows {
  #svg;
  #axis;
  #hops = [];
  #middles = new Map();

  constructor(svg, axis, hops) {
    this.#svg = svg;
    this.#axis = axis;
    this.take({ hops });
    axis.onMove(() => this.place());
  }

  // These hops, in the place of those before.
  take({ hops }) {
    const svg = this.#svg;
    svg.replaceChildren();
    this.#hops = [];
    if (!hops.length) return;
    const head = add(svg, "marker", { id: "head", viewBox: "0 0 8 8", refX: 7, refY: 4, markerWidth: 7, markerHeight: 7, orient: "auto" });
    add(head, "path", { d: "M0 0.5 7.5 4 0 7.5z" });
    this.#hops = hops.map((hop) => ({ hop, path: add(svg, "path", { class: "hop", "marker-end": "url(#head)" }) }));
    const text = add(svg, "text", { class: "hop-name" });
    text.textContent = hops[0].name;
    this.#hops.text = text;
    this.#hops.width = text.getComputedTextLength();
  }

  // Draws them between these lanes: each lane's middle, in pixels from the top.
  on(middles) {
    this.#middles = middles;
    this.place();
  }

  place() {
    if (!this.#hops.length) return;
    const right = this.#axis.x(this.#axis.range[1]);
    for (const { hop, path } of this.#hops) {
      const y = [hop.from_lane, hop.to_lane].map((lane) => this.#middles.get(lane));
      path.toggleAttribute("hidden", y.includes(undefined));
      if (y.includes(undefined)) continue;
      const [from, to] = [this.#axis.x(hop.from_s), this.#axis.x(hop.to_s)];
      path.setAttribute("d", Math.abs(to - from) > 2 * BOW ? across(from, y[0], to, y[1]) : bowed(from, y[0], to, y[1]));
      path.toggleAttribute("hidden", Math.min(from, to) > right || Math.max(from, to) < 0);
    }
    const x = this.#axis.x(Math.max(...this.#hops.flatMap(({ hop }) => [hop.from_s, hop.to_s]))) + BOW + 8;
    this.#hops.text.setAttribute("x", x);
    const y = this.#middles.get(this.#hops[0].hop.to_lane);
    this.#hops.text.setAttribute("y", (y ?? 0) + 4);
    this.#hops.text.toggleAttribute("hidden", y === undefined || x + this.#hops.width > right || x < 0);
  }
}

// Beside the symbols where they stand above each other, else between the lanes, clear of the labels.
function bowed(x, y, toX, toY) {
  const bow = Math.max(x, toX) + BOW + 8;
  return `M${x + 7} ${y - 2} C${bow} ${y - 4} ${bow} ${toY + 4} ${toX + 8} ${toY + 2}`;
}

function across(x, y, toX, toY) {
  const middle = (y + toY) / 2;
  return `M${x} ${y - 7} C${x} ${middle - 4} ${toX} ${middle + 4} ${toX} ${toY + 8}`;
}

function add(parent, name, attributes) {
  const element = document.createElementNS(SVG, name);
  for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, value);
  parent.append(element);
  return element;
}
