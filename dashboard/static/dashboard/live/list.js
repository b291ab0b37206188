// The list while calls change: new ones are counted and not put in, those that stand there change in their cells.

import { showClock } from "../clock.js";
import { changeRow } from "./cells.js";
import { Changes } from "./changes.js";
import { speaker } from "./say.js";
import { seldom } from "./seldom.js";
import { bindState } from "./state.js";

const ROWS_WAIT_MS = 250; // several that change together are asked for together
const NEW_EVERY_MS = 2_000;

const root = () => document.querySelector("[data-fresh]");
const rows = () => [...document.querySelectorAll(".calls tbody tr[id^='call-']")];
const idOf = (row) => row.id.slice("call-".length);
let say = () => {};

function asked(url, parameters) {
  const address = new URL(url, location.href);
  address.search = location.search;
  for (const [name, value] of Object.entries(parameters)) if (value) address.searchParams.set(name, value);
  return fetch(address, { headers: { "X-Requested-With": "fetch" } });
}

async function showRows(ids, position) {
  const answer = await asked(root().dataset.rowsUrl, { ids: ids.join(","), position });
  if (!answer.ok) return { ok: false, ended: answer.status === 401 };
  const fresh = new DOMParser().parseFromString(await answer.text(), "text/html");
  const became = JSON.parse(fresh.getElementById("became").textContent);
  for (const row of rows()) {
    const now = fresh.getElementById(`call-${became[idOf(row)] ?? idOf(row)}`);
    if (now && became[idOf(row)] && document.getElementById(now.id)) row.remove(); // both parts stood here
    else if (now) changeRow(row, now.cloneNode(true));
  }
  showClock();
  return { ok: true, position: fresh.querySelector("table").dataset.position };
}

async function showCount() {
  const part = root();
  if (!part || part.dataset.laterPage !== undefined) return { ok: true };
  const { newUrl, position, oldest } = part.dataset;
  const answer = await asked(newUrl, { position, oldest, shown: rows().map(idOf).join(",") });
  if (!answer.ok) return { ok: false, ended: answer.status === 401 };
  const place = part.querySelector("[data-live-new]");
  const fresh = new DOMParser().parseFromString(await answer.text(), "text/html").body;
  const before = place.textContent.trim();
  if (fresh.textContent.trim() === before) return { ok: true };
  const bar = place.querySelector(".new");
  const now = fresh.querySelector(".new");
  // The link that may have the focus stays; the words beside it change.
  if (bar && now) bar.querySelector("span").replaceWith(now.querySelector("span"));
  else place.replaceChildren(...fresh.childNodes);
  window.htmx?.process(place);
  if (now) say(`${place.querySelector(".new span").textContent.trim()}. R shows them.`);
  return { ok: true };
}

export function showNew() {
  (root()?.querySelector("[data-show-new]") ?? root()?.querySelector("[data-live-refresh]"))?.click();
}

export function followList() {
  if (!root()) return;
  say = speaker(document.querySelector("[data-live-said]"));
  const waiting = new Set();
  let position = root().dataset.position;
  const changes = new Changes("/live", position, lookAtAll);
  const showWaiting = seldom(ROWS_WAIT_MS, async () => {
    const ids = [...waiting];
    waiting.clear();
    await showRows(ids).catch(() => {});
  });
  const count = seldom(NEW_EVERY_MS, () => showCount().catch(() => {}));

  async function lookAtAll() {
    if (!root()) return { ok: true };
    const found = rows().length ? await showRows(rows().map(idOf), position) : { ok: true };
    const counted = found.ok ? await showCount() : found;
    if (found.ok && counted.ok) position = found.position ?? position;
    return { ok: found.ok && counted.ok, ended: found.ended || counted.ended };
  }

  changes.addEventListener("calls", ({ detail }) => {
    const here = new Set(rows().map(idOf));
    const mine = detail.filter((id) => here.has(id));
    mine.forEach((id) => waiting.add(id));
    if (mine.length) showWaiting();
    if (mine.length < detail.length) count();
  });
  changes.addEventListener("all", () => lookAtAll().catch(() => {}));
  const show = bindState(root, changes, (words) => say(words));
  document.addEventListener("htmx:afterSwap", () => {
    position = root()?.dataset.position ?? position;
    show();
  });
}
