// Words over the figure, as HTML. Each lane's labels take room in turn: ends, moments, then stretches; a label
// that finds too little is cut with an ellipsis, and one of which nothing could be read is left out.

const PAD = 8;
const LEAST = 40; // pixels: below this a cut word cannot be read
const SYMBOL = 6; // half of a symbol with air around it
const STANDS = 12; // pixels: a stretch that is narrower would not hold its words up
const AGAIN = 160; // pixels within which the same words are not said twice
const MOST = 120; // of a lane: no screen has room for more

const TURN = { end: 0, moment: 1, words: 2, gap: 2, state: 3 };

export class Labels {
  #box;
  #axis;
  #lanes = new Map();
  #middles = new Map();
  #shown = new Set();

  constructor(box, axis, timeline) {
    this.#box = box;
    this.#axis = axis;
    this.take(timeline);
    axis.onMove(() => this.place());
  }

  // The words of these marks, in the place of those before.
  take(timeline) {
    this.#lanes.clear();
    this.#shown.clear();
    this.#box.replaceChildren();
    for (const mark of timeline.marks.toSorted((a, b) => a.start_s - b.start_s)) {
      if (mark.kind === "speech" || mark.lane.endsWith("_audio")) continue;
      if (!this.#lanes.has(mark.lane)) this.#lanes.set(mark.lane, []);
      this.#lanes.get(mark.lane).push({ mark, element: null, width: 0 });
    }
  }

  // Lays them on these lanes: each lane's middle, in pixels from the top.
  on(middles) {
    this.#middles = middles;
    this.place();
  }

  place() {
    const x = this.#axis.places();
    const right = x(this.#axis.range[1]);
    const seen = [...this.#lanes].map(([lane, labels]) => [lane, this.#middles.has(lane) ? this.#inView(labels, x) : []]);
    const now = new Set(seen.flatMap(([, labels]) => labels));
    for (const each of this.#shown) if (!now.has(each)) each.element.hidden = true;
    this.#shown = now;
    this.#measure(now);
    for (const [lane, labels] of seen) lay(labels, right, this.#middles.get(lane) - 9);
  }

  #inView(labels, x) {
    const [first, last] = this.#axis.range;
    const found = [];
    for (const each of labels) {
      const { start_s: start, end_s: end, uncertainty_s: loose } = each.mark;
      if (start > last) break;
      if ((end ?? start) < first) continue;
      each.from = x(start);
      each.to = end === null ? each.from : x(end);
      each.before = x(start - loose);
      each.sure = x(start + loose);
      found.push(each);
    }
    if (found.length <= MOST) return found;
    const weight = ({ mark, from, to }) => (mark.suspicious ? 1e6 : 0) + to - from;
    const kept = new Set(found.toSorted((a, b) => weight(b) - weight(a)).slice(0, MOST));
    return found.filter((each) => kept.has(each));
  }

  // Measured all at once, as they are drawn: one layout, and no guess at the font's width.
  #measure(labels) {
    const made = [...labels].filter((each) => !each.element);
    for (const each of made) this.#box.append((each.element = label(each.mark)));
    for (const each of made) each.width = Math.ceil(each.element.getBoundingClientRect().width);
  }
}

function lay(labels, right, top) {
  const taken = labels.map(drawn);
  const said = [];
  for (const each of labels.toSorted((a, b) => turn(a.mark) - turn(b.mark))) {
    const again = said.some((other) => other.mark.label === each.mark.label && Math.abs(other.from - each.from) < AGAIN);
    const found = again ? null : room(each, labels, taken, right);
    each.element.hidden = !found;
    if (!found) continue;
    said.push(each);
    const [start, end] = found;
    taken.push([start - PAD, end + PAD]);
    each.element.style.transform = `translate(${start.toFixed(1)}px, ${top}px)`;
    each.element.style.width = `${Math.ceil(end - start)}px`;
  }
}

const turn = (mark) => TURN[mark.kind] - (mark.suspicious ? 0.5 : 0);

// What a mark itself covers: its symbol and whisker, or the edge where its stretch begins.
function drawn({ mark, from, before, sure }) {
  if (mark.end_s === null) return [before - SYMBOL, sure + SYMBOL];
  return mark.kind === "state" ? [before, sure + 1] : [from, from];
}

function room({ mark, from, before, sure, to, width }, labels, taken, right) {
  if (mark.end_s === null) {
    const after = [sure + SYMBOL + 4, sure + SYMBOL + 4 + width];
    const ahead = [before - SYMBOL - 4 - width, before - SYMBOL - 4];
    const whole = (mark.kind === "end" ? [ahead, after] : [after, ahead]).find((place) => free(place, taken, right));
    const cut = whole ? null : stretch(after, taken, right, LEAST);
    return whole ?? (cut?.[0] === after[0] ? cut : null); // never away from its symbol
  }
  // Words run on to the next ones, but never float far behind a stretch that can hardly be seen.
  if (mark.kind !== "state" && !mark.suspicious && to - from < STANDS) return null;
  const next = labels.find((each) => each.mark.kind !== "moment" && each.from > from + 2)?.from ?? right;
  const until = mark.kind === "state" ? to - PAD : Math.max(next - PAD, to - PAD);
  const start = Math.max(PAD, (mark.kind === "state" ? sure : from) + PAD);
  const found = stretch([start, until], taken, right, Math.min(width, LEAST));
  return found && [found[0], Math.min(found[1], found[0] + width)];
}

const free = ([from, to], taken, right) => from >= 0 && to <= right && !taken.some(([a, b]) => a < to && b > from);

// The first part of a stretch that nothing has taken and that is long enough.
function stretch([from, to], taken, right, least) {
  let at = from;
  for (const [a, b] of taken.filter(([a, b]) => a < to && b > from).toSorted((a, b) => a[0] - b[0])) {
    if (a - at >= least) return [at, a];
    at = Math.max(at, b);
  }
  const end = Math.min(to, right);
  return end - at >= least ? [at, end] : null;
}

function label(mark) {
  const element = document.createElement("span");
  element.className = `label ${mark.kind} ${mark.style} of-${mark.role}`;
  element.textContent = mark.label;
  return element;
}
