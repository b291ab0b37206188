// Parts of a page take on what the server says of them now. What says the same stays the same element, and so does
// what has the focus, as far as it is still there.

const CAN = "a[href], button, summary, input, select, [tabindex]";
const plain = (element) => element.cloneNode(true);

// Without what scripts mark: where the playhead stands.
function written(element) {
  const copy = plain(element);
  for (const each of [copy, ...copy.querySelectorAll(".current")]) {
    each.classList.remove("current");
    each.removeAttribute("aria-current");
    if (!each.className) each.removeAttribute("class");
  }
  return copy.outerHTML.replace(/\s+/g, " ").replaceAll("> <", "><");
}

// A list, a table's body: children that say the same stay, others come and go between them.
export function patchList(list, fresh) {
  if (!list || !fresh) return;
  const wanted = [...fresh.children].map((element) => [written(element), element]);
  const stays = new Set(wanted.map(([words]) => words));
  let at = list.firstElementChild;
  for (const [words, element] of wanted) {
    while (at && !stays.has(written(at))) {
      const gone = at;
      at = at.nextElementSibling;
      gone.remove();
    }
    if (at && written(at) === words) at = at.nextElementSibling;
    else list.insertBefore(plain(element), at);
  }
  while (at) {
    const gone = at;
    at = at.nextElementSibling;
    gone.remove();
  }
}

// A part whose inside is written anew where it says something else. What had the focus has it again by its place,
// and what was opened is open.
export function swapPart(part, fresh) {
  if (!part || !fresh) return;
  const [old, now] = [part, fresh].map((element) => element.innerHTML.replace(/\s+/g, " "));
  if ((part.dataset.said ?? old) === now) return;
  part.dataset.said = now;
  const focused = part.contains(document.activeElement) ? [...part.querySelectorAll(CAN)].indexOf(document.activeElement) : -1;
  const open = [...part.querySelectorAll("details")].map((details) => details.open);
  part.replaceChildren(...plain(fresh).childNodes);
  part.querySelectorAll("details").forEach((details, i) => (details.open = open[i] ?? details.open));
  if (focused >= 0) part.querySelectorAll(CAN)[focused]?.focus({ preventScroll: true });
}
