// Puts the page of a call together.

import { bindWay } from "../calls/way_back.js";
import { showClock } from "../clock.js";
import { span, spanText, write } from "./address.js";
import { copied, toast } from "./copy.js";
import { sentence } from "./describe.js";
import { Events } from "./events.js";
import { Inspector } from "./inspector.js";
import { keys } from "./keys.js";
import { readWhenOpened } from "./history.js";
import { followCall } from "../live/call.js";
import { drawNarrow, drawWide } from "./plot.js";
import { Player } from "./player.js";
import { Selection } from "./selection.js";
import { sortable } from "./sorting.js";
import { offset } from "./time.js";
import { firstTimeline } from "./timeline.js";
import { Transcript } from "./transcript.js";
import { Windows } from "./windows.js";

const page = document.querySelector("[data-call]");
const one = (selector) => page.querySelector(selector);
const every = (selector) => page.querySelectorAll(selector);
const timeline = await firstTimeline();
const { wide } = early; // see early.js
const speech = timeline.marks.filter((mark) => mark.kind === "speech" && mark.lane.endsWith("_audio"));
const spoken = speech.map((mark) => [mark.start_s, mark.end_s]).sort((a, b) => a[0] - b[0]);
const begins = timeline.marks.reduce((least, mark) => Math.min(least, mark.start_s), 0);
const player = new Player(one("[data-audio]"), timeline.recording, [begins, timeline.call_end_s], spoken);
const selection = new Selection(page, player, timeline);
let view = null; // what is zoomed: the figure, or the strip
let lanes = null;
let refresh = null;

// A phone never loads Plotly; a window that is made wide does then.
async function whenWide() {
  if (!wide.matches) {
    getSound();
    return wide.addEventListener("change", whenWide, { once: true });
  }
  try {
    const drawn = await drawWide({ page, player, selection, timeline });
    ({ figure: view, lanes, refresh } = drawn);
    view.addEventListener("view", keepView);
    page.dataset.drawn = "wide";
    performance.mark("drawn");
  } catch (error) {
    one("[data-plot]").dataset.failed = error.message;
  }
  getSound();
}

// The recording's head, behind the drawing: a browser decodes in threads that the drawing needs.
function getSound() {
  one("[data-audio]")?.setAttribute("preload", "metadata");
}

function keepView() {
  const all = view.range[0] <= timeline.start_s + 0.01 && view.range[1] >= timeline.end_s - 0.01;
  write({ z: all ? null : spanText(view.range) });
}

function announce(words) {
  one("[data-live]").textContent = words;
}

// Said to who hears and to who sees.
function say(words) {
  announce(words);
  toast(one("[data-toast]"), words);
}

// Sixty times a second while it plays: what says the same is not written.
const [clockFace, now] = [one("[data-time]"), one("[data-now]")];
const put = (element, words) => element.textContent === words || (element.textContent = words);
function showTime() {
  put(clockFace, offset(player.t));
  put(now, sentence(timeline, player.t));
}

function showState() {
  const button = one("[data-play]");
  button.setAttribute("aria-pressed", player.playing);
  button.querySelector(".sr").textContent = player.playing ? "Pause" : "Play";
  for (const icon of button.querySelectorAll("[data-play-icon]")) {
    icon.hidden = (icon.dataset.playIcon === "pause") !== player.playing;
  }
}

async function copy(words, said, button) {
  if (!(await copied(words, button))) return say("The browser does not allow copying here.");
  announce(said);
}

const linkHere = () => Object.assign(write({ t: player.t.toFixed(1) }), { hash: "" }).href;

async function copyLink(_, button) {
  const link = linkHere();
  await copy(link, `Link to ${offset(player.t)} copied.`, button);
  if (!one("[data-sheet]").open) toast(one("[data-toast]"), `Copied: ${link}`);
}

function fit() {
  const { range } = selection;
  const close = (a, b) => Math.abs(a - b) < 0.05;
  const shown = range && view && close(view.range[0], range[0]) && close(view.range[1], range[1]);
  return view?.show(range && !shown ? range : view.full);
}

const acts = {
  play: () => player.toggle(),
  skip: (by) => player.seek(player.t + Number(by)),
  seek: (to) => player.seek(Number(to)),
  listen: (stretch) => player.listen(...span(stretch)),
  copy: (words, button) => copy(words, "Copied.", button),
  copyLink,
  share: () => navigator.share({ title: document.title, url: linkHere() }).catch(() => {}), // closed again
  help: () => (one("[data-sheet]").close(), one("[data-keys]").showModal()),
  more: () => one("[data-sheet]").showModal(),
  lanesOpen: () => one("[data-lanes]").showModal(),
  lane: (number) => lanes?.toggle(number),
  fit,
  zoomBy: (factor) => view?.zoom(Number(factor), player.t),
  loop: () => selection.toggleLoop(),
  selectFrom: () => selection.from(player.t),
  selectTo: () => selection.to(player.t),
  unselect: () => selection.clear(),
};

page.addEventListener("click", (event) => {
  const button = event.target.closest("button");
  for (const [name, value] of Object.entries(button?.dataset ?? {})) acts[name]?.(value, button);
});
page.addEventListener("change", ({ target }) => {
  if ("speed" in target.dataset) player.speed = Number(target.value);
  if ("channel" in target.dataset) player.channel = target.value;
  if ("skipSilence" in target.dataset) player.skipSilence = target.checked;
});
for (const name of ["time", "seek"]) player.addEventListener(name, showTime);
player.addEventListener("state", showState);
player.addEventListener("speed", () => every("[data-speed]").forEach((select) => (select.value = player.speed)));
player.addEventListener("seek", () => player.playing || announce(`${offset(player.t)}: ${sentence(timeline, player.t)}`));
player.addEventListener("soundless", () => {
  one("[data-soundless]").hidden = false;
  now.hidden = true;
  announce("The recording cannot be played; the replay is silent.");
});
for (const button of every("[data-share]")) button.hidden = !navigator.share;

showClock();
bindWay();
const said = new Windows(one("[data-windows=words]"), announce, () => transcript.take());
const transcript = new Transcript(one("[data-transcript]"), one("[data-follow]"), player, said);
new Windows(one("[data-windows=marks]"), announce);
const events = new Events(one("[data-events]"));
new Inspector(page, one("[data-inspector]"), { timeline, player, copy: acts.copy });
sortable(one(".marks table"));
readWhenOpened(one("[data-known]"));
keys({ player, view: () => view, timeline, dialog: one("[data-keys]"), acts, say });
const strip = drawNarrow({ page, player, timeline });
if (!wide.matches) view = strip;
wide.addEventListener("change", () => wide.matches || (view = strip));
const selected = selection.restore();
const at = page.dataset.at ?? selected ?? page.dataset.first;
if (at !== undefined && at !== null) player.seek(Number(at));
whenWide();
showTime();
followCall(page, timeline, async () => {
  player.extend(timeline.call_end_s);
  transcript.take();
  strip.take([timeline.start_s, timeline.end_s]);
  events.extend();
  await refresh?.();
  showTime();
});
