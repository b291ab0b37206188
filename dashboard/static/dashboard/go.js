// `g` and then the letter of a page leads there, on every page: `data-go` of the links at its head.

import { keysOn } from "./keys_switch.js";

const WITHIN_MS = 1500; // of each other
let waits = 0;

// Before the keys of the page itself, which give some of the letters another meaning.
addEventListener(
  "keydown",
  (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || document.querySelector("dialog[open]")) return;
    if (event.target.closest?.("input, select, textarea, [contenteditable]") || !keysOn()) return;
    const link = event.timeStamp < waits && document.querySelector(`[data-go="${CSS.escape(event.key)}"]`);
    waits = event.key === "g" ? event.timeStamp + WITHIN_MS : 0;
    if (!link) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    link.click();
  },
  true,
);
