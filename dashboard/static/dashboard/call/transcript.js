// The transcript follows the playhead until somebody scrolls it, into other windows of it, too.

const SOON_MS = 150; // a playhead that is dragged over hours asks for the window where it rests

export class Transcript {
  #list;
  #rows;
  #follow;
  #windows;
  #current = null;
  #timer = null;
  #t = null;

  // `windows` are the transcript's, where it has several.
  constructor(list, follow, player, windows) {
    this.#list = list;
    this.#follow = follow;
    this.#windows = windows;
    this.take();
    for (const name of ["time", "seek"]) player.addEventListener(name, () => this.at(player.t));
    for (const name of ["wheel", "touchmove"]) list.addEventListener(name, () => (follow.checked = false), { passive: true });
    list.addEventListener("click", (event) => {
      const row = event.target.closest("[data-start]");
      // A selection is somebody copying words, not a click.
      if (row && !event.target.closest("a, button") && getSelection().isCollapsed) player.seek(Number(row.dataset.start));
    });
  }

  // The rows that there are now.
  take() {
    this.#rows = [...this.#list.querySelectorAll("[data-start]")].map((row) => ({ row, start: Number(row.dataset.start) }));
    this.#current = null;
    if (this.#t !== null && !this.#elsewhere(this.#t)) this.at(this.#t);
  }

  at(t) {
    this.#t = t;
    if (this.#elsewhere(t)) return this.#turn();
    const row = this.#rows.findLast((each) => each.start <= t + 0.05)?.row ?? null;
    if (row === this.#current) return;
    for (const other of this.#list.querySelectorAll(".current")) {
      other.classList.remove("current");
      other.removeAttribute("aria-current");
    }
    this.#current = row;
    if (!row) return;
    row.classList.add("current");
    row.setAttribute("aria-current", "time");
    if (this.#follow.checked) this.#list.scrollTo({ top: row.offsetTop - this.#list.clientHeight / 2 + row.offsetHeight / 2 });
  }

  #elsewhere(t) {
    const { from = -Infinity, to = Infinity } = this.#list.dataset;
    return t + 0.05 < Number(from) || t + 0.05 >= Number(to);
  }

  // Asks for the rows where the playhead is by then, unless somebody reads others.
  #turn() {
    this.#timer ??= setTimeout(() => {
      this.#timer = null;
      if (this.#follow.checked && this.#elsewhere(this.#t)) this.#windows.at(this.#t);
    }, SOON_MS);
  }
}
