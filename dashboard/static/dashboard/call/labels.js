// Words over the figure, as HTML: each lane's labels are laid from left to right, cut with an ellipsis where
// the next one begins, and left out where nothing of them could be read.

const PAD = 6;
const LEAST = 22; // pixels: below this no word can be read
const AFTER_SYMBOL = 10;

export class Labels {
  #axis;
  #lanes = [];

  constructor(box, axis, timeline, tops) {
    this.#axis = axis;
    for (const lane of timeline.lanes) {
      const marks = timeline.marks.filter((mark) => mark.lane === lane.id && mark.kind !== "speech" && !lane.id.endsWith("_audio"));
      this.#lanes.push(marks.map((mark) => label(box, mark, tops.get(lane.id))));
    }
    // Measured all at once, as they are drawn: one layout, and no guess at the font's width.
    for (const item of this.#lanes.flat()) item.width = Math.ceil(item.element.getBoundingClientRect().width);
    axis.onMove(() => this.place());
    this.place();
  }

  place() {
    const right = this.#axis.x(this.#axis.range[1]);
    for (const items of this.#lanes) this.#lay(items, right);
  }

  #lay(items, right) {
    const points = items.map(({ mark }) => ({
      from: this.#axis.x(mark.start_s),
      sure: this.#axis.x(mark.start_s + mark.uncertainty_s), // where its whisker ends
      before: this.#axis.x(mark.start_s - mark.uncertainty_s),
      to: mark.end_s === null ? null : this.#axis.x(mark.end_s),
    }));
    let used = 0; // everything left of this is taken
    items.forEach((item, i) => {
      let [from, to] = room(items, points, i, right);
      const left = [used, points[i].before - AFTER_SYMBOL];
      const flips = item.mark.kind === "moment" && to - Math.max(from, used) < item.width && left[1] - left[0] >= item.width;
      if (flips) [from, to] = [left[1] - item.width, left[1]];
      const start = Math.max(from, used, PAD);
      const width = Math.min(item.width, to - start);
      const wanted = item.mark.kind === "moment" ? Math.min(item.width, 60) : Math.min(item.width, LEAST);
      const gone = points[i].from > right || (points[i].to ?? points[i].from) < 0;
      item.element.hidden = gone || width < wanted;
      if (item.element.hidden) return;
      const at = item.mark.kind === "end" ? Math.max(start, to - width) : start;
      item.element.style.transform = `translate(${at.toFixed(1)}px, ${item.top}px)`;
      item.element.style.width = `${Math.ceil(width)}px`;
      if (flips) used = points[i].from + AFTER_SYMBOL;
      else if (item.mark.kind !== "end") used = at + width + PAD;
    });
  }
}

// Where a label may lie: a stretch's inside it, an end's before it, words' until the next words.
function room(items, points, i, right) {
  const { mark } = items[i];
  const { from, sure, to } = points[i];
  const end = items.findIndex((item) => item.mark.kind === "end");
  const before = end < 0 || end === i ? right : Math.min(right, points[end].before - AFTER_SYMBOL - items[end].width - PAD);
  const after = (test) => points.find((point, j) => j !== i && point.from > from + 2 && test(items[j].mark, j))?.from ?? right;
  if (mark.kind === "end") return [0, points[i].before - AFTER_SYMBOL];
  if (mark.kind === "moment") return [sure + AFTER_SYMBOL, Math.min(before, after(() => true) - PAD)];
  if (mark.kind === "words" || mark.kind === "gap") return [from + PAD, Math.min(after((next) => next.kind !== "moment") - PAD, right)];
  const symbol = points.find((point, j) => items[j].mark.kind === "moment" && point.from > from + 2)?.before ?? right;
  return [sure + PAD, Math.min(to - PAD, before, symbol - AFTER_SYMBOL)];
}

function label(box, mark, top) {
  const element = document.createElement("span");
  element.className = `label ${mark.kind} ${mark.style} of-${mark.role}`;
  element.textContent = mark.label;
  box.append(element);
  return { mark, element, top };
}
