// The call's log, read page by page when it is opened, or when a link to one of its events is followed. `order=` of
// the address is how it comes: by time, or by arrival.

import { asked, write } from "./address.js";
import { part } from "./parts.js";

export class Events {
  #details;
  #body;
  #reading = null;

  constructor(details) {
    this.#details = details;
    this.#body = details.querySelector("[data-events-body]");
    details.addEventListener("toggle", () => details.open && this.#read());
    this.#body.addEventListener("click", (event) => this.#turn(event));
    addEventListener("hashchange", () => this.follow());
    this.follow();
    if (asked("order") === "arrival") details.open = true;
  }

  // Opens the log at the event that the address names, and puts the keyboard there.
  async follow() {
    const [, position] = /^#event-(\d+)$/.exec(location.hash) ?? [];
    if (!position) return;
    this.#details.open = true;
    await this.#read();
    if (!document.getElementById(`event-${position}`)) await (this.#reading = this.#show({ position }));
    const row = document.getElementById(`event-${position}`);
    for (const other of this.#body.querySelectorAll(".current")) other.classList.remove("current");
    row?.classList.add("current");
    row?.scrollIntoView({ block: "center" });
    row?.focus({ preventScroll: true });
  }

  // Takes on what the log has by now, where its end is shown: rows that stand there stay as they are.
  async extend() {
    const rows = this.#body.querySelectorAll("tbody tr");
    if (!this.#details.open || !rows.length || this.#body.querySelector("[data-later]")) return;
    const position = rows[rows.length - 1].id.slice("event-".length);
    const page = await part(this.#address({ position })).catch(() => null);
    let before = null; // the row behind, from the last to the first
    for (const row of [...(page?.querySelectorAll("tbody tr") ?? [])].reverse()) {
      const there = document.getElementById(row.id);
      if (!there) this.#body.querySelector("tbody").insertBefore(row, before);
      before = there ?? row;
    }
    const later = page?.querySelector("[data-later]");
    if (later) this.#body.append(later.parentElement);
  }

  #address(wanted) {
    return `${this.#details.dataset.events}?${new URLSearchParams({ order: asked("order") ?? "", ...wanted })}`;
  }

  #read() {
    this.#reading ??= this.#show({});
    return this.#reading;
  }

  // A page in the place of what is shown: the first, or, where that lacks it, the one with an event.
  async #show(wanted) {
    try {
      this.#body.replaceChildren(await part(this.#address(wanted)));
    } catch (error) {
      this.#reading = null;
      this.#body.textContent = `The events could not be read: ${error.message}.`;
    }
  }

  #turn(event) {
    const link = event.target.closest("[data-first], [data-later], [data-order]");
    if (!link) return;
    event.preventDefault();
    if ("order" in link.dataset) this.#put(link.dataset.order);
    else if ("first" in link.dataset) this.#reading = this.#show({});
    else this.#more(link);
  }

  async #put(order) {
    write({ order: order || null });
    await (this.#reading = this.#show({}));
    this.#body.querySelector(`[data-order="${order}"]`)?.focus();
  }

  async #more(link) {
    try {
      const page = await part(link.href);
      const rows = [...page.querySelectorAll("tbody tr")];
      const next = page.querySelector("[data-later]");
      this.#body.querySelector("tbody").append(...rows);
      if (next) link.href = next.getAttribute("href");
      else link.parentElement.remove();
      rows[0]?.querySelector("a").focus({ preventScroll: true });
    } catch (error) {
      link.textContent = `Later events could not be read: ${error.message}. Try again`;
    }
  }
}
