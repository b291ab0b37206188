// The review panel: `m` begins a note at the playhead, and a swap neither loses the focus nor what was opened.

import { keysOn } from "../keys_switch.js";

const panel = () => document.querySelector("[data-review]");

function begin() {
  const form = panel()?.querySelector("[data-note]");
  if (!form) return false;
  const now = document.querySelector("[data-time]")?.textContent.trim();
  if (now) form.elements.at.value = now.replace("−", "-");
  form.elements.text.focus({ preventScroll: true });
  form.scrollIntoView({ block: "center" });
  return true;
}

document.addEventListener("keydown", (event) => {
  if (event.key !== "m" || event.ctrlKey || event.metaKey || event.altKey || !keysOn()) return;
  if (document.querySelector("dialog[open]") || event.target.closest("input, select, textarea, [contenteditable]")) return;
  if (begin()) event.preventDefault();
});

// Ctrl+Enter sends a note, as people are used to.
document.addEventListener("keydown", (event) => {
  const form = event.key === "Enter" && (event.ctrlKey || event.metaKey) && event.target.closest("[data-note]");
  if (form) form.requestSubmit();
});

let before = null;
document.addEventListener("htmx:beforeSwap", ({ target }) => {
  if (!target.closest?.("[data-review]")) return;
  const kept = document.activeElement?.closest("[data-keep]");
  const names = [...(kept?.querySelectorAll("button, select, input:not([type=hidden]), textarea, summary") ?? [])];
  before = {
    keep: kept?.dataset.keep,
    at: names.indexOf(document.activeElement),
    open: panel().querySelector(".decided").open,
    text: panel().querySelector("[data-note] textarea")?.value,
    note: kept?.dataset.keep === "note",
  };
});
document.addEventListener("htmx:afterSwap", () => {
  if (!before || !panel()) return;
  panel().querySelector(".decided").open = before.open;
  const text = panel().querySelector("[data-note] textarea");
  if (text && before.text && !before.note) text.value = before.text; // half a note, while the state was saved
  const kept = panel().querySelector(`[data-keep="${before.keep}"]`);
  kept?.querySelectorAll("button, select, input:not([type=hidden]), textarea, summary")[before.at]?.focus({ preventScroll: true });
  before = null;
});
