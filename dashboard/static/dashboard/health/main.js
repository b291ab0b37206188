// Keeps the state of ingest fresh: every ten seconds while somebody can see it, and at once when the page is looked
// at again. What was opened stays open; where no answer comes, it says since when the page stands still.

const EVERY_MS = 10_000;

const state = document.getElementById("health");
const refreshed = document.querySelector("[data-refreshed]");
const stale = document.querySelector("[data-stale]");
const clock = () => new Date().toISOString().slice(11, 19);

let last = clock();
let asked = performance.now();

function say() {
  refreshed.hidden = false;
  refreshed.textContent = `As of ${last} UTC, refreshed every 10 s`;
}

function refresh() {
  if (document.hidden || performance.now() - asked < EVERY_MS - 100) return;
  asked = performance.now();
  const open = [...state.querySelectorAll("details[open][id]")].map((each) => each.id);
  htmx
    .ajax("GET", state.dataset.refresh, { target: state, swap: "innerHTML" })
    .then(() => open.forEach((id) => document.getElementById(id)?.setAttribute("open", "")), () => {});
}

function failed({ detail: { target } }) {
  if (target !== state) return;
  stale.hidden = false;
  stale.textContent = `Not refreshed since ${last} UTC: the server does not answer. It is asked again every 10 s.`;
}

document.addEventListener("htmx:afterSwap", ({ detail: { target } }) => {
  if (target !== state) return;
  last = clock();
  stale.hidden = true;
  say();
});
for (const name of ["sendError", "timeout", "responseError"]) document.addEventListener(`htmx:${name}`, failed);
document.addEventListener("visibilitychange", refresh);
setInterval(refresh, 1000);
say();
