// Words over the figure, as HTML. Each lane's labels take room in turn: ends, moments, then stretches; a label
// that finds too little is cut with an ellipsis, and one of which nothing could be read is left out.

const PAD = 6;
const LEAST = 40; // pixels: below this a cut word cannot be read
const SYMBOL = 6; // half of a symbol with air around it

const TURN = { end: 0, moment: 1, words: 2, gap: 2, state: 3 };

export class Labels {
  #axis;
  #lanes;

  constructor(box, axis, timeline, tops) {
    this.#axis = axis;
    const worded = timeline.marks.filter((mark) => mark.kind !== "speech" && !mark.lane.endsWith("_audio"));
    const labels = worded.map((mark) => label(box, mark, tops.get(mark.lane)));
    // Measured all at once, as they are drawn: one layout, and no guess at the font's width.
    for (const each of labels) each.width = Math.ceil(each.element.getBoundingClientRect().width);
    this.#lanes = timeline.lanes.map((lane) => labels.filter((each) => each.mark.lane === lane.id));
    axis.onMove(() => this.place());
    this.place();
  }

  place() {
    const right = this.#axis.x(this.#axis.range[1]);
    for (const labels of this.#lanes) this.#lay(labels, right);
  }

  #lay(labels, right) {
    for (const each of labels) {
      const { start_s: start, end_s: end, uncertainty_s: loose } = each.mark;
      each.from = this.#axis.x(start);
      each.before = this.#axis.x(start - loose);
      each.sure = this.#axis.x(start + loose);
      each.to = end === null ? each.from : this.#axis.x(end);
    }
    const taken = labels.map(drawn);
    for (const each of labels.toSorted((a, b) => turn(a.mark) - turn(b.mark))) {
      const seen = each.from <= right && each.to >= 0;
      const found = seen ? room(each, labels, taken, right) : null;
      each.element.hidden = !found;
      if (!found) continue;
      const [start, end] = found;
      taken.push([start - PAD, end + PAD]);
      each.element.style.transform = `translate(${start.toFixed(1)}px, ${each.top}px)`;
      each.element.style.width = `${Math.ceil(end - start)}px`;
    }
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

function label(box, mark, top) {
  const element = document.createElement("span");
  element.className = `label ${mark.kind} ${mark.style} of-${mark.role}`;
  element.textContent = mark.label;
  box.append(element);
  return { mark, element, top };
}
