// Colours are named in the figure (`var(--fill-gap)`) and looked up here, in the theme of the moment.

const probe = document.createElement("span");
probe.hidden = true;
probe.style.forcedColorAdjust = "none"; // forced, every colour would be one, and a bar as bright as its label
document.documentElement.append(probe);

// A CSS colour as rgb(), which is all that Plotly reads: color-mix() computes to color(srgb …).
export function resolved(colour) {
  probe.style.color = colour;
  const computed = getComputedStyle(probe).color;
  const mixed = /^color\(srgb ([\d.e-]+) ([\d.e-]+) ([\d.e-]+)(?: \/ ([\d.e-]+))?\)$/.exec(computed);
  if (!mixed) return computed;
  const [red, green, blue] = mixed.slice(1, 4).map((part) => Math.round(Number(part) * 255));
  return `rgba(${red}, ${green}, ${blue}, ${mixed[4] ?? 1})`;
}

// The same structure with every `var(--…)` in it replaced by its colour.
export function coloured(part, known = new Map()) {
  if (typeof part === "string") {
    if (!part.startsWith("var(--")) return part;
    if (!known.has(part)) known.set(part, resolved(part));
    return known.get(part);
  }
  if (Array.isArray(part)) return part.map((each) => coloured(each, known));
  if (part && typeof part === "object") {
    return Object.fromEntries(Object.entries(part).map(([name, value]) => [name, coloured(value, known)]));
  }
  return part;
}
