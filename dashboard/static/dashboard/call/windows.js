// A long table on the page, a window of rows at a time: the links beside it and the field of the transcript are
// followed in place. Without a script the same links and the same form load the page with another window.

import { write } from "./address.js";
import { part } from "./parts.js";

export class Windows {
  #section;
  #name; // of the address' part that has the window's number: marks, words
  #say;
  #shown;
  #asking = 0;

  // `say(words)` tells who hears; `shown()` is called once other rows stand there.
  constructor(section, say, shown = () => {}) {
    this.#section = section;
    this.#name = section.dataset.windows;
    this.#say = say;
    this.#shown = shown;
    section.addEventListener("click", (event) => this.#turn(event));
    section.addEventListener("submit", (event) => this.#find(event));
  }

  // The window in which a second lies.
  at(seconds) {
    return this.#ask({ [this.#name]: null, t: seconds.toFixed(3) }, false);
  }

  #turn(event) {
    const link = event.target.closest("[data-turn]");
    if (!link || event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    const asked = { [this.#name]: link.dataset.turn || null };
    if ("by" in link.dataset) asked.by = link.dataset.by;
    if ("unfind" in link.dataset) asked.find = null;
    this.#ask(asked).then(() => this.#focus(link));
  }

  #find(event) {
    if (!event.target.matches("[data-find]")) return;
    event.preventDefault();
    const words = event.target.elements.find.value.trim();
    this.#ask({ [this.#name]: null, find: words || null }).then(() => this.#section.querySelector("[data-find] [name=find]")?.focus());
  }

  async #ask(parts, told = true) {
    const address = new URL(location.href);
    for (const [name, value] of Object.entries(parts)) {
      if (value === null) address.searchParams.delete(name);
      else address.searchParams.set(name, value);
    }
    const asking = ++this.#asking;
    const scroll = this.#section.querySelector(".scroll");
    scroll.setAttribute("aria-busy", "true");
    try {
      const fresh = (await part(address, this.#section.dataset.part)).querySelector("section");
      if (asking !== this.#asking) return; // asked again since
      this.#take(fresh, scroll);
      write(told ? parts : { [this.#name]: null });
      if (told) this.#say(this.#section.querySelector("[data-windowed] p, .windows span")?.textContent ?? "");
      this.#shown();
    } catch (error) {
      if (asking === this.#asking) this.#say(`This part could not be read: ${error.message}.`);
    } finally {
      scroll.removeAttribute("aria-busy");
    }
  }

  // The scrolled element stays, so that who listens to it does, too; what it holds and what it says changes.
  #take(fresh, scroll) {
    const now = fresh.querySelector(".scroll");
    for (const name of ["number", "from", "to"]) delete scroll.dataset[name];
    Object.assign(scroll.dataset, now.dataset);
    scroll.replaceChildren(...now.childNodes);
    scroll.scrollTop = 0;
    this.#section.querySelector("[data-windowed]").replaceWith(fresh.querySelector("[data-windowed]"));
  }

  // On the link that says the same, or where that is not any more, on the rows.
  #focus({ dataset, textContent }) {
    const links = [...this.#section.querySelectorAll("[data-turn]")];
    const same = (link) => link.textContent.trim() === textContent.trim() && "by" in link.dataset === "by" in dataset;
    (links.find(same) ?? this.#section.querySelector(".scroll")).focus({ preventScroll: true });
  }
}
