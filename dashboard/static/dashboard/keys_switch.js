// Whether single keys act: one switch for every page (WCAG 2.1.4), kept where the browser lets us; else on the
// page, where each of its scripts reads it, until the page is left.

const STORED = "single-keys";
const page = document.documentElement.dataset;

export function keysOn() {
  try {
    return localStorage.getItem(STORED) !== "off";
  } catch {
    return page.singleKeys !== "off";
  }
}

export function bindSwitch(checkbox) {
  checkbox.checked = keysOn();
  checkbox.addEventListener("change", () => {
    page.singleKeys = checkbox.checked ? "on" : "off";
    try {
      localStorage.setItem(STORED, page.singleKeys);
    } catch {
      // not remembered
    }
  });
}
