// The list by keyboard, and by Alt-click. Everything here is a convenience: the page works without it.
"use strict";

const rows = () => [...document.querySelectorAll(".calls tbody tr")];
const help = document.querySelector(".help");
const keysToggle = document.querySelector("[data-keys-toggle]");

function keysOn() {
  try {
    return localStorage.getItem("keys") !== "off";
  } catch {
    return true;
  }
}

function step(by) {
  const all = rows();
  const now = all.indexOf(document.activeElement?.closest(".calls tbody tr"));
  const next = all[now < 0 ? 0 : Math.min(all.length - 1, Math.max(0, now + by))];
  next?.querySelector(".open").focus();
  next?.scrollIntoView({ block: "nearest" });
}

const KEYS = {
  j: () => step(1),
  k: () => step(-1),
  "/": () => document.getElementById("q").select(),
  "?": () => help.showModal(),
};

document.addEventListener("keydown", (event) => {
  if (event.key === "Escape" && event.target.id === "q") return event.target.blur();
  const busy = event.ctrlKey || event.metaKey || event.altKey || event.target.matches("input, textarea, select") || help.open;
  if (busy || !(event.key in KEYS) || !keysOn()) return;
  event.preventDefault();
  KEYS[event.key]();
});

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
    const address = new URL(location.href);
    const base = value.closest(".calls").dataset.base;
    address.searchParams.set("q", `${base} -${value.dataset.term}`.trim());
    address.searchParams.delete("cursor");
    location.assign(address);
  },
  true,
);

document.addEventListener("click", async (event) => {
  const button = event.target.closest("[data-copy]");
  if (button) {
    await navigator.clipboard.writeText(button.dataset.copy);
    const word = button.querySelector("[data-copied]");
    word.textContent = "Copied";
    setTimeout(() => (word.textContent = "Copy"), 2000);
  }
  if (event.target.closest("[data-help-open]")) help.showModal();
});

function revealed() {
  for (const button of document.querySelectorAll("[data-help-open]")) button.hidden = false;
  // The clipboard is there only on https and on this machine.
  if (navigator.clipboard) for (const button of document.querySelectorAll("[data-copy]")) button.hidden = false;
}

keysToggle.checked = keysOn();
keysToggle.addEventListener("change", () => {
  try {
    localStorage.setItem("keys", keysToggle.checked ? "on" : "off");
  } catch {
    // not remembered
  }
});

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
  document.getElementById(before.part)?.querySelectorAll("a")[before.at]?.focus({ preventScroll: true });
  sideways().forEach((each, i) => (each.scrollLeft = before.left[i] ?? 0));
  revealed();
});
document.addEventListener("htmx:pushedIntoHistory", () => scrollTo(0, 0));
revealed();
