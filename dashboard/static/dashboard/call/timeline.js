// The call's lanes and marks: in the page, or, where the marks are many, asked for beside it (early.js).

const within = (page) => JSON.parse(page.getElementById("timeline").textContent);

// The timeline that this page was opened with. Without an answer it has no marks, and all else goes on.
export async function firstTimeline() {
  const timeline = within(document);
  timeline.marks ??= await early.timeline().then(marksOf).catch(() => []);
  return timeline;
}

// The same of a page that was asked for again.
export async function timelineOf(page, api) {
  const timeline = within(page);
  if (timeline.marks) return timeline;
  const asof = new URLSearchParams(window.location.search).get("asof");
  const query = asof ? `?${new URLSearchParams({ asof })}` : "";
  return { ...timeline, marks: await marksOf(await fetch(`${api}/timeline${query}`, { headers: { Accept: "application/json" } })) };
}

async function marksOf(answer) {
  if (!answer.ok) throw new Error(`${answer.status} for ${answer.url}`);
  return (await answer.json()).marks;
}

const laid = new WeakMap(); // marks → what is laid out of them, once

// The marks of a lane that are of these kinds, by time.
export function ofLane(marks, lane, kinds) {
  if (!laid.has(marks)) laid.set(marks, new Map());
  const known = laid.get(marks);
  const name = `${lane} ${kinds}`;
  if (!known.has(name)) {
    const found = marks.filter((mark) => mark.lane === lane && kinds.includes(mark.kind));
    known.set(name, found.sort((a, b) => a.start_s - b.start_s));
  }
  return known.get(name);
}

// How many of these, by time, have begun by a second.
export function begun(marks, t) {
  let [low, high] = [0, marks.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (marks[middle].start_s <= t) low = middle + 1;
    else high = middle;
  }
  return low;
}
