// Rows by keyboard, and a click beside their links.

const all = () => [...document.querySelectorAll(".calls tbody tr")];
const focused = () => document.activeElement?.closest(".calls tbody tr");

export function step(by) {
  const rows = all();
  const now = rows.indexOf(focused() ?? document.querySelector(".calls tr[aria-current]"));
  const next = rows[now < 0 ? 0 : Math.min(rows.length - 1, Math.max(0, now + by))];
  next?.querySelector(".open").focus();
  next?.scrollIntoView({ block: "nearest" });
}

export function mark() {
  focused()?.querySelector("input[type=checkbox]")?.click();
}

// The strip and free space open the call; words can still be marked for copying.
export function openByRow() {
  document.addEventListener("click", (event) => {
    const cell = event.target.closest(".calls tbody td");
    if (!cell || event.defaultPrevented || event.target.closest("a, button, input, label, summary")) return;
    if (event.button || !getSelection().isCollapsed) return;
    const link = cell.parentElement.querySelector(".open");
    if (event.ctrlKey || event.metaKey || event.shiftKey) open(link.href, "_blank", "noopener");
    else link.click();
  });
}
