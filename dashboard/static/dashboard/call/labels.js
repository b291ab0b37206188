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
    const pen = document.createElement("canvas").getContext("2d");
    pen.font = `500 12px ${getComputedStyle(document.body).fontFamily}`;
    for (const lane of timeline.lanes) {
      const marks = timeline.marks.filter((mark) => mark.lane === lane.id && mark.kind !== "speech" && !lane.id.endsWith("_audio"));
      this.#lanes.push(marks.map((mark) => label(box, mark, tops.get(lane.id), pen)));
    }
    axis.onMove(() => this.place());
    this.place();
  }

  place() {
    const right = this.#axis.x(this.#axis.range[1]);
    for (const items of this.#lanes) this.#lay(items, right);
  }

  #lay(items, right) {
    const points = items.map(({ mark }) => ({ from: this.#axis.x(mark.start_s), to: mark.end_s === null ? null : this.#axis.x(mark.end_s) }));
    let used = 0; // everything left of this is taken
    items.forEach((item, i) => {
      const [from, to] = room(items, points, i, right);
      const start = Math.max(from, used, 0);
      const width = Math.min(item.width, to - start);
      const wanted = item.mark.kind === "moment" ? Math.min(item.width, 60) : Math.min(item.width, LEAST);
      item.element.hidden = width < wanted || points[i].from > right;
      if (item.element.hidden) return;
      const at = item.mark.kind === "end" ? Math.max(start, to - width) : start;
      item.element.style.transform = `translate(${at.toFixed(1)}px, ${item.top}px)`;
      item.element.style.width = `${Math.ceil(width)}px`;
      if (item.mark.kind !== "end") used = at + width + PAD;
    });
  }
}

// Where a label may lie: a stretch's inside it, an end's before it, words' until the next words.
function room(items, points, i, right) {
  const { mark } = items[i];
  const { from, to } = points[i];
  const end = items.findIndex((item) => item.mark.kind === "end");
  const before = end < 0 || end === i ? right : Math.min(right, points[end].from - AFTER_SYMBOL - items[end].width - PAD);
  const after = (test) => points.find((point, j) => j !== i && point.from > from + 2 && test(items[j].mark, j))?.from ?? right;
  if (mark.kind === "end") return [0, from - AFTER_SYMBOL];
  if (mark.kind === "moment") return [from + AFTER_SYMBOL, Math.min(before, after(() => true) - PAD)];
  if (mark.kind === "words") return [from + PAD, Math.min(after((next) => next.kind !== "moment") - PAD, right)];
  return [from + PAD, Math.min(to - PAD, before)];
}

function label(box, mark, top, pen) {
  const element = document.createElement("span");
  element.className = `label ${mark.kind} ${mark.style} of-${mark.role}`;
  element.textContent = mark.label;
  box.append(element);
  const boxed = mark.style === "solid" ? 0 : 8; // the ground under words on a hatch
  return { mark, element, top, width: Math.ceil(pen.measureText(mark.label).width) + 2 + boxed };
}
