// The transcript follows the playhead until somebody scrolls it.

export class Transcript {
  #list;
  #rows;
  #follow;
  #current = null;
  #ours = false;

  constructor(list, follow, player) {
    this.#list = list;
    this.#follow = follow;
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
  }

  at(t) {
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
}
