// The call's log, read page by page when it is opened, or when a link to one of its events is followed.

export class Events {
  #details;
  #body;
  #reading = null;

  constructor(details) {
    this.#details = details;
    this.#body = details.querySelector("[data-events-body]");
    details.addEventListener("toggle", () => details.open && this.#read());
    addEventListener("hashchange", () => this.follow());
    this.follow();
  }

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
  }

  #read() {
    this.#reading ??= this.#show({});
    return this.#reading;
  }

  // A page in the place of what is shown: the first, or, where that lacks it, the one with an event.
  async #show(asked) {
    this.#body.replaceChildren(text("p", "Reading the log…", "muted"));
    try {
      const page = await this.#page(asked);
      const shown = table(page.items);
      this.#body.replaceChildren(shown);
      if (asked.position) shown.before(button("Show from the first event", () => (this.#reading = this.#show({}))));
      this.#offerMore(shown, page.next_cursor);
    } catch (error) {
      this.#reading = null;
      this.#body.replaceChildren(text("p", `The events could not be read: ${error.message}.`, "muted"));
    }
  }

  #offerMore(shown, cursor) {
    if (!cursor) return;
    const more = button("Show later events", async () => {
      more.disabled = true;
      try {
        const page = await this.#page({ cursor });
        const rows = page.items.map(row);
        shown.tBodies[0].append(...rows);
        more.remove();
        this.#offerMore(shown, page.next_cursor);
        rows[0]?.querySelector("summary").focus({ preventScroll: true });
      } catch (error) {
        more.disabled = false;
        more.textContent = `Later events could not be read: ${error.message}. Try again`;
      }
    });
    shown.after(more);
  }

  async #page(asked) {
    const url = `${this.#details.dataset.events}?${new URLSearchParams(asked)}`;
    const answer = await fetch(url, { headers: { Accept: "application/json" } });
    if (!answer.ok) throw new Error(`the log answered ${answer.status}`);
    return answer.json();
  }
}

function button(words, press) {
  const made = Object.assign(text("button", words, "turn"), { type: "button" });
  made.addEventListener("click", press);
  return made;
}

function table(items) {
  const head = document.createElement("tr");
  for (const name of ["Position", "Happened, UTC", "Arrived", "Source", "Type", "Facts and delivery"]) {
    head.append(Object.assign(text("th", name), { scope: "col" }));
  }
  const table = document.createElement("table");
  table.createTHead().append(head);
  const body = table.createTBody();
  for (const item of items) body.append(row(item));
  return table;
}

function row(item) {
  const row = Object.assign(document.createElement("tr"), { id: `event-${item.position}` });
  const late = (Date.parse(item.received_at) - Date.parse(item.occurred_at)) / 1000;
  const precise = item.precision_ms > 1 ? `, within ${item.precision_ms / 1000} s` : "";
  row.append(
    text("th", item.position, "num"),
    text("td", `${item.occurred_at.slice(11, 23)}${precise}`, "num"),
    text("td", `${late >= 0 ? "+" : "−"}${Math.abs(late).toFixed(2)} s`, "num"),
    text("td", item.source),
    text("td", item.type, "mono"),
  );
  const cell = document.createElement("td");
  const details = document.createElement("details");
  const { body, ...rest } = item;
  const brief = Object.entries({ ...item.facts, ...item.personal }).map(([name, value]) => `${name}: ${plain(value)}`);
  details.append(text("summary", brief.join(" · ") || "–"));
  details.addEventListener("toggle", () => details.childElementCount > 1 || details.append(...raw(rest, body)), { once: true });
  cell.append(details);
  row.append(cell);
  return row;
}

function raw(rest, body) {
  const shown = [text("pre", JSON.stringify(rest, null, 2))];
  if (body) shown.push(text("p", "The delivery as it came:", "muted"), text("pre", body));
  for (const pre of shown.filter((each) => each.tagName === "PRE")) pre.tabIndex = 0;
  return shown;
}

const plain = (value) => (value !== null && typeof value === "object" ? JSON.stringify(value) : String(value));

function text(tag, content, className = "") {
  return Object.assign(document.createElement(tag), { textContent: content, className });
}
