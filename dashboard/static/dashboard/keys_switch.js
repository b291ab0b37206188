// Whether single keys act: one switch for every page (WCAG 2.1.4), kept where the browser lets us.

const STORED = "single-keys";

export function keysOn() {
  try {
    return localStorage.getItem(STORED) !== "off";
  } catch {
    return chosen;
  }
}

let chosen = true; // where storage is forbidden, until the page is left

export function bindSwitch(checkbox) {
  checkbox.checked = keysOn();
  checkbox.addEventListener("change", () => {
    chosen = checkbox.checked;
    try {
      localStorage.setItem(STORED, chosen ? "on" : "off");
    } catch {
      // not remembered
    }
  });
}
