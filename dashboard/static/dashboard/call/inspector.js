// The drawer with the event behind a mark or a number. Without it the same links lead to the event's own page.

import { keysOn } from "../keys_switch.js";
import { part } from "./parts.js";
import { nameEvent, selected } from "./sel.js";

export class Inspector {
  #drawer;
  #events; // where the log of the call is
  #opener = null;
  #wanted = null; // the position whose event is shown or on its way

  constructor(page, drawer, { timeline, player, copy }) {
    this.#drawer = drawer;
    this.#events = page.querySelector("[data-events]").dataset.events;
    page.addEventListener("click", (event) => {
      const link = event.target.closest("[data-event]");
      if (!link || event.ctrlKey || event.metaKey || event.shiftKey) return;
      event.preventDefault();
      this.show(link.dataset.event, link);
    });
    drawer.addEventListener("click", (event) => {
      const { target } = event;
      const copied = target.closest("[data-copy-text]");
      if (copied) copy(document.getElementById(copied.dataset.copyText).textContent, copied);
      if (target.closest("[data-close-inspector]")) this.close();
      const place = target.closest("[data-in-log]");
      if (!place) return;
      event.preventDefault();
      this.#inLog(place.dataset.inLog);
    });
    document.addEventListener("keydown", (event) => {
      if (event.defaultPrevented || document.querySelector("dialog[open]")) return;
      if (event.key === "Escape" && !drawer.hidden) this.close();
      else if (event.key === "r" && keysOn() && !event.ctrlKey && !event.metaKey && !event.altKey) {
        if (event.target.closest("input, select, textarea, [contenteditable]")) return;
        const position = behind(timeline, player.t);
        if (position !== undefined) this.show(position, document.activeElement);
      }
    });
    const { event } = selected();
    if (event) this.show(event, null);
  }

  async show(position, opener) {
    if (!this.#drawer.contains(opener)) this.#opener = opener;
    this.#wanted = position;
    this.#drawer.hidden = false;
    this.#drawer.setAttribute("aria-busy", "true");
    const [found] = await Promise.allSettled([part(`${this.#events}/${position}`)]);
    if (this.#wanted !== position) return; // closed, or another was asked for meanwhile
    if (found.value) {
      this.#drawer.replaceChildren(found.value);
      nameEvent(position);
    } else this.#fail(`Event ${position} could not be read: ${found.reason.message}.`);
    this.#drawer.removeAttribute("aria-busy");
    this.#drawer.scrollTop = 0;
    this.#drawer.querySelector("#event-title").focus();
  }

  close() {
    this.#wanted = null;
    this.#drawer.hidden = true;
    this.#drawer.removeAttribute("aria-busy");
    this.#drawer.replaceChildren();
    nameEvent(null);
    if (this.#opener?.isConnected) this.#opener.focus();
  }

  #fail(words) {
    const title = Object.assign(document.createElement("h2"), { id: "event-title", tabIndex: -1, textContent: words });
    this.#drawer.replaceChildren(title);
  }

  #inLog(position) {
    this.close();
    if (location.hash === `#event-${position}`) dispatchEvent(new HashChangeEvent("hashchange"));
    else location.hash = `event-${position}`;
  }
}

// The event of the mark at the playhead: of a suspicious one before any other, of the last that began.
function behind(timeline, t) {
  const here = timeline.marks.filter((mark) => mark.positions.length && mark.start_s <= t + 0.05);
  const last = (marks) => marks.sort((a, b) => a.start_s - b.start_s).at(-1);
  const lasting = here.filter((mark) => mark.suspicious && (mark.end_s ?? mark.start_s) >= t - 0.05);
  return (last(lasting) ?? last(here))?.positions[0];
}
