// Puts the list together. Everything here is a convenience: the page works without it.

import { showClock } from "../clock.js";
import { bindSwitch, keysOn } from "../keys_switch.js";
import { followList, showNew } from "../live/list.js";
import { copyOnClick } from "./copy.js";
import { leaveOut, offerLess } from "./exclude.js";
import { keepFacets } from "./facets.js";
import { tellFailures } from "./failures.js";
import { followHistory } from "./history.js";
import { offerWhileWriting } from "./suggest.js";
import { mark, openByRow, step } from "./rows.js";

const help = document.querySelector(".help");

const KEYS = {
  j: () => step(1),
  k: () => step(-1),
  x: mark,
  v: reviewMany,
  r: showNew,
  "-": () => leaveOut(document.activeElement),
  "/": () => document.getElementById("q").select(),
  "?": () => help.showModal(),
};

document.addEventListener("keydown", (event) => {
  if (event.key === "Escape" && event.target.id === "q") return event.target.blur();
  if (event.key === "Escape") return closeMenu(event.target.closest("details[open]"));
  const busy = event.ctrlKey || event.metaKey || event.altKey || event.target.matches("input, textarea, select") || help.open;
  if (busy || !Object.hasOwn(KEYS, event.key) || !keysOn()) return;
  if (event.key === "-" && !event.target.matches(".add")) return;
  event.preventDefault();
  KEYS[event.key]();
});

function reviewMany() {
  const many = document.querySelector("[data-marked]");
  if (!many) return;
  many.open = true;
  many.querySelector("select").focus();
}

function closeMenu(menu) {
  if (!menu?.matches(".menu")) return;
  menu.open = false;
  menu.querySelector("summary").focus();
}

// Before htmx, which would take Shift-click for a plain one, and before the browser, which would take Alt-click
// for a download.
document.addEventListener(
  "click",
  (event) => {
    const value = event.altKey && event.target.closest(".add");
    if (!value && event.shiftKey && event.target.closest("#calls a")) event.stopImmediatePropagation();
    if (!value) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    leaveOut(value);
  },
  true,
);

document.addEventListener("click", (event) => {
  if (event.target.closest("[data-help-open]")) help.showModal();
  for (const menu of document.querySelectorAll(".menu[open]")) if (!menu.contains(event.target)) menu.open = false;
});

function revealed() {
  for (const button of document.querySelectorAll("[data-help-open]")) button.hidden = false;
  // The clipboard is there only on https and on this machine.
  if (navigator.clipboard) for (const button of document.querySelectorAll("[data-copy]")) button.hidden = false;
  document.getElementById("q")?.toggleAttribute("aria-invalid", Boolean(document.querySelector("#wrong .wrong-line")));
  showClock();
}

// A region that is there before its words come is read out; one that comes with them may not be.
function say() {
  const count = document.querySelector("[data-counted]");
  const words = count?.textContent ?? document.querySelector(".nothing h2")?.textContent ?? "";
  document.getElementById("said").textContent = words;
}

// A swap makes the list anew. A link that had the focus has it again, and what was scrolled sideways is so again.
const sideways = () => document.querySelectorAll(".quick, .calls thead tr");
let before = null;

document.addEventListener("htmx:beforeSwap", () => {
  const focused = document.activeElement;
  const part = focused?.closest("#calls [id]");
  const at = part ? [...part.querySelectorAll("a")].indexOf(focused) : -1;
  before = { part: part?.id, at, left: [...sideways()].map((each) => each.scrollLeft) };
});
document.addEventListener("htmx:afterSwap", () => {
  document.getElementById(before?.part)?.querySelectorAll("a")[before.at]?.focus({ preventScroll: true });
  sideways().forEach((each, i) => (each.scrollLeft = before?.left[i] ?? 0));
  revealed();
  say();
});
document.addEventListener("htmx:pushedIntoHistory", () => scrollTo(0, 0));
followHistory();
bindSwitch(document.querySelector("[data-keys-toggle]"));
copyOnClick();
offerLess();
openByRow();
followList();
tellFailures();
keepFacets();
offerWhileWriting();
revealed();
