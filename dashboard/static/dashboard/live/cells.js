// Rows of the list change in their cells alone: what has the focus stays as it is, and a cell that says the same.

const seen = new WeakMap(); // cell → what the server last wrote there

// Without what scripts of the page put in: the − beside a value, times in another zone.
function written(cell) {
  const copy = cell.cloneNode(true);
  for (const less of copy.querySelectorAll(".less")) less.remove();
  for (const time of copy.querySelectorAll("time")) time.replaceWith(time.dateTime);
  return copy.innerHTML.replace(/\s+/g, " ").trim();
}

function change(old, fresh) {
  const words = written(fresh);
  if ((seen.get(old) ?? written(old)) === words || old.contains(document.activeElement)) return;
  const marked = Boolean(old.querySelector(".pick input:checked"));
  old.replaceChildren(...fresh.childNodes);
  if (marked) old.querySelector(".pick input").checked = true;
  seen.set(old, words);
  old.classList.remove("changed");
  void old.offsetWidth; // begins the animation anew
  old.classList.add("changed");
}

export function changeRow(row, fresh) {
  row.id = fresh.id;
  for (const cell of fresh.cells) {
    const old = row.querySelector(`.${cell.classList[0]}`);
    if (old) change(old, cell);
  }
}
