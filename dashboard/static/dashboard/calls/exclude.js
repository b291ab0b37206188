// A value of a row can be left out, too: by the − beside it, by Alt-click, and by the key - while it has the focus.

const less = document.createElement("a");
less.className = "less";
less.textContent = "−";
less.tabIndex = -1; // the key does the same, and a − behind each value would double the way through the list
less.setAttribute("hx-boost", "false");

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

export function offerLess() {
  document.addEventListener("pointerover", offer);
  document.addEventListener("focusin", offer);
}

export function leaveOut(value) {
  location.assign(without(value));
}
