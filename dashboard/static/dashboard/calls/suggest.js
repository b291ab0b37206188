// The query as a combobox: keys and values from the server, recent queries, saved views. It is never in the way:
// without a chosen option Enter searches, Tab leaves, and nothing opens before somebody writes, clicks or asks.

import { forgetAtLogout, recent, remember } from "./recent.js";

const WAIT_MS = 100; // until a pause of who types
const SHOWN_BESIDE = 5; // recent queries, and as many saved views

let options = []; // {text, about, calls, take}
let active = -1;
let asking = null;
let waiting = 0;

const box = () => document.getElementById("q");
const list = () => document.getElementById("offers");

function dress(input) {
  if (!input || input.getAttribute("role")) return;
  for (const [name, value] of Object.entries({
    role: "combobox", "aria-autocomplete": "list", "aria-expanded": "false", "aria-controls": "offers", "aria-haspopup": "listbox",
  })) input.setAttribute(name, value);
  const popup = document.createElement("ul");
  Object.assign(popup, { id: "offers", className: "offers panel", hidden: true });
  popup.setAttribute("role", "listbox");
  popup.setAttribute("aria-label", "Suggestions");
  input.closest("form").append(popup);
}

function close() {
  clearTimeout(waiting);
  asking?.abort();
  options = [];
  show();
}

function show() {
  const popup = list();
  if (!popup) return;
  popup.replaceChildren(...options.map(row));
  popup.hidden = !options.length;
  popup.scrollTop = 0;
  box().setAttribute("aria-expanded", String(Boolean(options.length)));
  choose(-1);
}

function row({ text, about, calls }, at) {
  const item = document.createElement("li");
  item.id = `offer-${at}`;
  item.setAttribute("role", "option");
  item.setAttribute("aria-selected", "false");
  item.dataset.at = at;
  item.append(part("code", "", text), part("span", "about", about), part("span", "tally", calls));
  return item;
}

function part(tag, name, words) {
  const made = document.createElement(tag);
  made.className = name;
  made.textContent = words;
  return made;
}

function choose(at) {
  active = at;
  for (const item of list().children) item.setAttribute("aria-selected", String(Number(item.dataset.at) === at));
  if (at < 0) return box().removeAttribute("aria-activedescendant");
  box().setAttribute("aria-activedescendant", `offer-${at}`);
  document.getElementById(`offer-${at}`).scrollIntoView({ block: "nearest" });
}

function counted({ count, exact }) {
  if (count === null) return "";
  if (exact) return `${count.toLocaleString("en")} call${count === 1 ? "" : "s"}`;
  return count >= 10000 ? "10k+ calls" : `${count}+ calls`;
}

// From the server what fits the place; where the box is empty, and for whole queries, what was asked before.
async function offer() {
  const input = box();
  const written = input.value;
  clearTimeout(waiting); // or the same answer came twice, and the second took back what was chosen meanwhile
  asking?.abort();
  asking = new AbortController();
  const asked = new URLSearchParams({ q: written, at: input.selectionStart ?? written.length });
  let found = { items: [] };
  try {
    const answer = await fetch(`/api/v1/suggest?${asked}`, { signal: asking.signal });
    if (answer.ok) found = await answer.json();
  } catch (error) {
    if (error.name === "AbortError") return;
  }
  if (box() !== input || input.value !== written || document.activeElement !== input) return;
  const items = found.items.map((item) => ({
    text: item.text, about: item.about, calls: counted(item), take: () => put(found, item),
  }));
  const whole = [...asked_before(written.trim()), ...saved(written.trim())];
  options = written.trim() ? [...items, ...whole] : [...whole, ...items];
  show();
  say();
}

function asked_before(written) {
  return recent()
    .filter((query) => query !== written && query.toLowerCase().includes(written.toLowerCase()))
    .slice(0, SHOWN_BESIDE)
    .map((query) => ({ text: query, about: "Recent", calls: "", take: () => search(query) }));
}

// The links of the bar of saved views, where the page has one, by their name or by what they ask.
function saved(written) {
  return [...document.querySelectorAll("nav[aria-label='Saved views'] [data-query]")]
    .filter((link) => `${link.textContent} ${link.dataset.query}`.toLowerCase().includes(written.toLowerCase()))
    .slice(0, SHOWN_BESIDE)
    .map((link) => ({ text: link.firstChild.textContent, about: "Saved view", calls: "", take: () => link.click() }));
}

function say() {
  const said = document.getElementById("said");
  if (said) said.textContent = options.length ? `${options.length} suggestion${options.length === 1 ? "" : "s"}` : "";
}

function put({ start, end }, { kind, text }) {
  const input = box();
  const after = input.value.slice(end);
  const gap = kind === "value" && !/^[\s,\])]/.test(after) ? " " : "";
  input.setRangeText(text + gap, start, end, "end");
  close();
  if (kind === "key") offer();
}

function search(query) {
  box().value = query;
  close();
  box().form.requestSubmit();
}

function soon() {
  clearTimeout(waiting);
  waiting = setTimeout(offer, WAIT_MS);
}

const KEYS = {
  ArrowDown: () => (options.length ? choose(active + 1 < options.length ? active + 1 : -1) : offer()),
  ArrowUp: () => (options.length ? choose(active < 0 ? options.length - 1 : active - 1) : offer()),
  Enter: () => active >= 0 && options[active].take(),
  Tab: () => active >= 0 && options[active].take(),
  Escape: close,
};

function pressed(event) {
  if (event.target.id !== "q" || event.isComposing || !Object.hasOwn(KEYS, event.key)) return;
  if (event.ctrlKey || event.metaKey || event.shiftKey) return;
  if (event.key === "Escape" && !options.length) return;
  if (["Enter", "Tab"].includes(event.key) && active < 0) return close();
  event.preventDefault();
  event.stopImmediatePropagation();
  KEYS[event.key]();
}

export function offerWhileWriting() {
  dress(box());
  forgetAtLogout();
  // Before the page's own keys: Escape closes the options first, and leaves the box the second time.
  document.addEventListener("keydown", pressed, true);
  document.addEventListener("input", (event) => event.target.id === "q" && soon());
  document.addEventListener("pointerdown", (event) => {
    if (event.target.closest("#offers")) event.preventDefault(); // the box keeps the focus
  });
  document.addEventListener("click", (event) => {
    const chosen = event.target.closest("#offers li");
    if (chosen) options[chosen.dataset.at].take();
    else if (event.target.id === "q" && !options.length) offer();
  });
  document.addEventListener("focusout", (event) => event.target.id === "q" && close());
  document.addEventListener("submit", (event) => {
    if (!event.target.contains(box())) return;
    remember(box().value);
    close();
  }, true);
  document.addEventListener("htmx:afterSwap", () => dress(box()));
}
