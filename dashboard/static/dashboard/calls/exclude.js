// A value of a row can be left out, too: by the − beside it, by Alt-click, by the key - while it has the focus, and
// by the two ways of a small menu, which a touch or the arrow down on the value opens.

const less = document.createElement("a");
less.className = "less";
less.textContent = "−";
less.tabIndex = -1; // the key does the same, and a − behind each value would double the way through the list
less.setAttribute("hx-boost", "false");

const ways = document.createElement("div");
ways.className = "ways panel";
ways.popover = "auto"; // closes by a touch elsewhere and by Esc, and gives the focus back
ways.setAttribute("role", "group");
ways.setAttribute("aria-label", "What to do with this value");

function without(value) {
  const address = new URL(location.href);
  const base = value.closest(".calls").dataset.base;
  address.searchParams.set("q", `${base} -${value.dataset.term}`.trim());
  for (const name of ["cursor", "sel"]) address.searchParams.delete(name);
  return address;
}

function offer(event) {
  const value = event.target.closest?.(".calls .add");
  if (event.pointerType === "touch" || event.target === less) return;
  if (!value) return less.remove();
  less.href = without(value);
  less.setAttribute("aria-label", `Without ${value.dataset.term}`);
  less.title = `Without ${value.dataset.term}`;
  value.after(less);
  // Beside the value, on the side where no other value is; on the right behind the sign of the filter.
  const before = less.nextElementSibling?.matches(".add");
  const left = before ? value.offsetLeft - 24 : value.offsetLeft + value.offsetWidth + (value.matches(".chip, :has(.chip)") ? 2 : 12);
  less.style.setProperty("left", `${left}px`);
  less.style.setProperty("top", `${value.offsetTop + value.offsetHeight / 2 - 12}px`);
}

function way(word, url, value) {
  const link = document.createElement("a");
  const term = document.createElement("code");
  term.textContent = value.dataset.term;
  link.append(`${word} `, term);
  link.href = url;
  return link;
}

function choose(value) {
  ways.replaceChildren(way("Only", value.href, value), way("Without", without(value), value));
  document.querySelector("main").append(ways);
  ways.showPopover();
  const { left, bottom, top } = value.getBoundingClientRect();
  const below = bottom + ways.offsetHeight + 8 < innerHeight;
  ways.style.setProperty("left", `${Math.max(8, Math.min(left, innerWidth - ways.offsetWidth - 8))}px`);
  ways.style.setProperty("top", `${below ? bottom + 4 : top - ways.offsetHeight - 4}px`);
  ways.firstChild.focus();
}

function byTouch(event) {
  const value = event.target.closest(".calls .add");
  if (event.pointerType !== "touch" || !value || event.altKey) return;
  event.preventDefault();
  event.stopImmediatePropagation(); // before htmx, which would ask for only this
  choose(value);
}

export function offerLess() {
  document.addEventListener("pointerover", offer);
  document.addEventListener("focusin", offer);
  document.addEventListener("click", byTouch, true);
  document.addEventListener("keydown", (event) => {
    const arrow = event.key === "ArrowDown" || event.key === "ArrowUp";
    const modified = event.altKey || event.ctrlKey || event.metaKey || event.shiftKey;
    if (!arrow || modified) return;
    if (event.target.matches(".calls .add") && event.key === "ArrowDown") choose(event.target);
    else if (event.target.parentElement === ways) (event.target.nextSibling ?? ways.firstChild).focus();
    else return;
    event.preventDefault();
  });
  document.addEventListener("scroll", () => ways.matches(":popover-open") && ways.hidePopover(), { passive: true });
}

export function leaveOut(value) {
  location.assign(without(value));
}
