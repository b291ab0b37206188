// The page of a call while it runs: it asks itself anew when the call changed, and takes on what is said there.
// The playhead stays where it is, and so does the focus.

import { Changes } from "./changes.js";
import { timelineOf } from "../call/timeline.js";
import { patchList, swapPart } from "./parts.js";
import { speaker } from "./say.js";
import { seldom } from "./seldom.js";
import { bindState } from "./state.js";

const ASK_EVERY_MS = 1_000;
const SWAPPED = [".verdict", ".beside", ".evidence", ".absent", ".gutter", ".rows", "[data-lanes] ol", "[data-strip] > svg"];
const SWAPPED_TOO = [".player .total", ".marks .bar .muted", ".events > summary"];
const PATCHED = ["[data-transcript]", "[data-marks]"];

// The page's address, with the windows of its tables that are shown.
function here(page) {
  const address = new URL(location.href);
  for (const list of page.querySelectorAll("[data-number]")) {
    address.searchParams.set(list.closest("[data-windows]").dataset.windows, list.dataset.number);
  }
  return address;
}

function takeParts(page, fresh) {
  for (const selector of [...SWAPPED, ...SWAPPED_TOO]) {
    const news = fresh.querySelectorAll(selector);
    page.querySelectorAll(selector).forEach((part, i) => swapPart(part, news[i]));
  }
  for (const selector of PATCHED) patchList(page.querySelector(selector), fresh.querySelector(selector));
  for (const name of ["words", "marks"]) takeWindow(page, fresh, name);
  // There is none while the call runs.
  const evidence = fresh.querySelector(".evidence");
  if (evidence && !page.querySelector(".evidence")) page.querySelector(".transcript").before(evidence.cloneNode(true));
}

// What says which rows of how many these are, and until when they go; who writes into a field there goes on.
function takeWindow(page, fresh, name) {
  const [section, now] = [page, fresh].map((each) => each.querySelector(`[data-windows=${name}]`));
  const [list, listed] = [section, now].map((each) => each.querySelector("[data-number]"));
  delete list.dataset.to;
  Object.assign(list.dataset, listed.dataset);
  const [said, saying] = [section, now].map((each) => each.querySelector("[data-windowed]"));
  if (!said && saying) section.querySelector(".scroll").before(saying.cloneNode(true));
  else if (said && !said.contains(document.activeElement)) swapPart(said, saying);
}

// `take(timeline)` draws what changed; `timeline` stays the same object.
export function followCall(page, timeline, take) {
  const root = page.querySelector("[data-fresh]");
  if (!root) return;
  const say = speaker(page.querySelector("[data-live-said]"));
  const over = page.querySelector("[data-live-over]");
  let running = true;
  const changes = new Changes(`/live?call=${page.dataset.call}`, root.dataset.position, refresh);
  const soon = seldom(ASK_EVERY_MS, () => refresh().catch(() => {}));

  async function refresh() {
    const answer = await fetch(here(page), { headers: { Accept: "text/html" } });
    if (answer.redirected) return { ok: false, ended: true }; // to the login
    if (!answer.ok) return { ok: false };
    const fresh = new DOMParser().parseFromString(await answer.text(), "text/html");
    const sound = Boolean(timeline.recording);
    Object.assign(timeline, await timelineOf(fresh, page.dataset.api));
    takeParts(page, fresh);
    document.title = fresh.title;
    follow(fresh.querySelector("[data-call]").dataset.call);
    await take(timeline);
    if (running && !fresh.querySelector("[data-fresh]")) ended(fresh);
    if (!running && !sound && timeline.recording) tell("Its recording has come.", "Load it");
    return { ok: true };
  }

  // It has become part of another call, or another part of it.
  function follow(id) {
    if (id === page.dataset.call) return;
    page.dataset.call = id;
    changes.follow(`/live?call=${id}`);
  }

  function ended(fresh) {
    running = false;
    const words = `The call has ended: ${fresh.querySelector("#headline").textContent.trim()}.`;
    say(words);
    tell("The call has ended.", "Load its page anew");
  }

  function tell(words, link) {
    const again = Object.assign(document.createElement("a"), { href: location.href, className: "button", textContent: link });
    over.replaceChildren(words, again);
    over.hidden = false;
  }

  for (const name of ["calls", "all"]) changes.addEventListener(name, soon);
  bindState(() => root, changes, say);
}
