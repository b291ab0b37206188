// Keeps the column of facets still while the list changes: its old counts stay until the new ones are there, and
// focus, place and what a reader opened or closed stay as they are.

const OPENED = "facets-open";
const narrow = matchMedia("(max-width: 900px)");
let kept = null; // the old column while the list is swapped
let focused = ""; // which link of the column had the focus
let place = 0;
let pressed = ""; // which link was clicked while its query was the old one
let asking = false; // whether a list is under way

const column = () => document.getElementById("facets");

// Storage may be forbidden, or full: then nothing is remembered.
function opened() {
  try {
    return JSON.parse(sessionStorage.getItem(OPENED)) ?? {};
  } catch {
    return {};
  }
}

function remember(name, open) {
  try {
    sessionStorage.setItem(OPENED, JSON.stringify({ ...opened(), [name]: open }));
  } catch {
    /* as above */
  }
}

function selector(link) {
  const name = ["only", "less", "clear"].find((each) => each in (link?.dataset ?? {}));
  return name && column()?.contains(link) ? `[data-${name}="${CSS.escape(link.dataset[name])}"]` : "";
}

function shown() {
  const aside = column();
  const all = aside?.querySelector(".facets-all");
  if (!all) return;
  const known = opened();
  all.open = narrow.matches ? Boolean(known.narrow) : true;
  for (const group of aside.querySelectorAll("[data-facet]")) {
    group.open = known[group.dataset.facet] ?? group.open;
  }
}

function focusAgain() {
  const aside = column();
  if (!focused || (document.activeElement !== document.body && !aside.contains(document.activeElement))) return;
  // What was cleared or is no longer there: the facet that it was of.
  const group = focused.match(/="(.*?)(?:\\:|")/)?.[1];
  const link = aside.querySelector(focused) ?? aside.querySelector(`[data-facet="${group}"] > summary`);
  link?.focus({ preventScroll: true });
}

// Once list and counts stand still, what was clicked meanwhile leads from them.
function settle() {
  const aside = column();
  if (!aside || asking || aside.querySelector("[hx-get][hidden]")) return;
  aside.removeAttribute("aria-busy");
  const link = pressed ? aside.querySelector(pressed) : null;
  pressed = "";
  link?.click();
}

// The list that stands there stays: its query was not understood, or not answered.
function stay() {
  asking = false;
  settle();
}

// Without counts the link to them is left.
function giveUp() {
  const aside = column();
  pressed = "";
  aside.querySelector(".facets-all")?.remove();
  aside.querySelector("[hx-get]")?.removeAttribute("hidden");
  settle();
}

function say() {
  const groups = column().querySelectorAll(".facet").length;
  const said = document.getElementById("facets-said") ?? document.body.appendChild(region());
  said.textContent = groups ? `${groups} facets are counted` : "";
}

function region() {
  const said = document.createElement("p");
  Object.assign(said, { id: "facets-said", className: "sr" });
  said.setAttribute("role", "status");
  return said;
}

export function keepFacets() {
  document.addEventListener("htmx:beforeRequest", (event) => {
    if (event.detail.target.id !== "calls") return;
    asking = true;
    column()?.setAttribute("aria-busy", "true");
  });
  for (const name of ["sendError", "timeout", "responseError"]) {
    document.addEventListener(`htmx:${name}`, (event) => event.detail.target.id === "calls" && stay());
  }
  document.addEventListener("htmx:beforeSwap", (event) => {
    const aside = column();
    if (!aside) return;
    place = aside.scrollTop;
    if (aside.contains(document.activeElement)) focused = selector(document.activeElement);
    else if (document.activeElement !== document.body) focused = "";
    kept = event.detail.target.id === "calls" ? [...aside.children] : null;
  });
  document.addEventListener("htmx:afterSwap", (event) => {
    const aside = column();
    if (event.detail.target.id === "calls") asking = false;
    if (event.detail.target.id === "wrong") stay();
    if (!aside) return;
    const counted = event.detail.target === aside;
    if (!counted && kept?.some((each) => each.matches(".facets-all"))) {
      aside.querySelector("[hx-get]").hidden = true; // it loads the new counts
      aside.append(...kept);
      aside.setAttribute("aria-busy", "true");
    }
    if (counted) {
      shown();
      say();
    }
    aside.scrollTop = place;
    focusAgain();
    if (counted) settle();
  });
  document.addEventListener("htmx:afterRequest", (event) => {
    if (event.detail.target === column() && !event.detail.successful) giveUp();
  });
  // What stands there while a list or its counts are under way leads from the query before: it waits for them.
  document.addEventListener(
    "click",
    (event) => {
      const link = event.target.closest("#facets[aria-busy] .facets-all a");
      if (!link || event.ctrlKey || event.metaKey || event.shiftKey) return;
      event.preventDefault();
      event.stopImmediatePropagation();
      pressed = selector(link);
    },
    true,
  );
  // Toggles do not bubble.
  document.addEventListener(
    "toggle",
    (event) => {
      const group = event.target;
      if (group.matches?.("#facets [data-facet]")) remember(group.dataset.facet, group.open);
      else if (group.matches?.("#facets .facets-all") && narrow.matches) remember("narrow", group.open);
    },
    true,
  );
  narrow.addEventListener("change", shown);
}
