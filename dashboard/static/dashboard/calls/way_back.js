// [ and ] lead to the previous and the next call of the list that this one was opened from.

import { keysOn } from "../keys_switch.js";

const WAYS = { "[": "prev", "]": "next" };

export function bindWay() {
  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || !Object.hasOwn(WAYS, event.key) || !keysOn()) return;
    if (event.target.closest("input, select, textarea, dialog")) return;
    document.querySelector(`.way-back a[rel="${WAYS[event.key]}"]`)?.click();
  });
}
