// Puts the page of a call together.

import { Arrows } from "./arrows.js";
import { PlotAxis, StripAxis } from "./axis.js";
import { Cursor } from "./cursor.js";
import { sentence } from "./describe.js";
import { Events } from "./events.js";
import { Figure } from "./figure.js";
import { keys } from "./keys.js";
import { readWhenOpened } from "./history.js";
import { Labels } from "./labels.js";
import { Player } from "./player.js";
import { Playhead } from "./playhead.js";
import { offset } from "./time.js";
import { Transcript } from "./transcript.js";

const page = document.querySelector("[data-call]");
const one = (selector) => page.querySelector(selector);
const timeline = JSON.parse(document.getElementById("timeline").textContent);
const { wide } = early; // see early.js
const player = new Player(one("[data-audio]"), timeline.recording, [timeline.start_s, timeline.call_end_s]);
let figure = null;

async function drawWide() {
  const plot = one("[data-plot]");
  const div = one("[data-figure]");
  figure = await Figure.draw(div, page.dataset.api, timeline.recording);
  const axis = new PlotAxis(div);
  const rows = [...plot.querySelectorAll(".rows > *")];
  const middles = new Map(timeline.lanes.map((lane, i) => [lane.id, rows[i].offsetTop + rows[i].offsetHeight / 2]));
  new Labels(one("[data-labels]"), axis, timeline, new Map([...middles].map(([lane, y]) => [lane, y - 9])));
  new Arrows(one("[data-arrows]"), axis, timeline.hops, middles);
  new Cursor(plot, axis, timeline);
  new Playhead(one("[data-playhead]"), axis, player, timeline);
  div.on("plotly_click", (event) => player.seek(event.xvals[0]));
  plot.addEventListener("dblclick", () => figure.show(figure.full));
  one("[data-zoom]").hidden = false;
  page.dataset.drawn = "wide";
  performance.mark("drawn");
}

function drawNarrow() {
  const strip = one("[data-strip]");
  const axis = new StripAxis(strip, [timeline.start_s, timeline.end_s]);
  new Playhead(one("[data-strip-playhead]"), axis, player, timeline);
  strip.addEventListener("click", (event) => player.seek(axis.seconds(event.clientX - strip.getBoundingClientRect().left)));
}

// A phone never loads Plotly; a window that is made wide does then.
function whenWide(draw) {
  if (wide.matches) return draw().catch((error) => (one("[data-plot]").dataset.failed = error.message));
  wide.addEventListener("change", () => whenWide(draw), { once: true });
}

function announce(words) {
  one("[data-live]").textContent = words;
}

function showTime() {
  one("[data-time]").textContent = offset(player.t);
  one("[data-now]").textContent = sentence(timeline, player.t);
}

function showState() {
  const button = one("[data-play]");
  button.setAttribute("aria-pressed", player.playing);
  button.querySelector(".sr").textContent = player.playing ? "Pause" : "Play";
  for (const icon of button.querySelectorAll("[data-play-icon]")) {
    icon.hidden = (icon.dataset.playIcon === "pause") !== player.playing;
  }
}

async function copy(words, said) {
  try {
    await navigator.clipboard.writeText(words);
    announce(said);
  } catch {
    announce("The browser does not allow copying here.");
  }
}

function copyLink() {
  const url = new URL(location.href);
  url.searchParams.set("t", player.t.toFixed(1));
  url.hash = "";
  history.replaceState(null, "", url);
  return copy(url.href, `Link to ${offset(player.t)} copied.`);
}

const acts = {
  play: () => player.toggle(),
  skip: (by) => player.seek(player.t + Number(by)),
  seek: (to) => player.seek(Number(to)),
  copy: (words) => copy(words, "Copied."),
  copyLink,
  help: () => one("[data-keys]").showModal(),
  fit: () => figure?.show(figure.full),
  zoomBy: (factor) => figure?.zoom(Number(factor), player.t),
};

page.addEventListener("click", (event) => {
  const button = event.target.closest("button");
  for (const [name, value] of Object.entries(button?.dataset ?? {})) acts[name]?.(value);
});
one("[data-speed]").addEventListener("change", (event) => (player.speed = Number(event.target.value)));
one(".channels").addEventListener("change", (event) => (player.channel = event.target.value));
for (const name of ["time", "seek"]) player.addEventListener(name, showTime);
player.addEventListener("state", showState);
player.addEventListener("seek", () => player.playing || announce(`${offset(player.t)}: ${sentence(timeline, player.t)}`));
player.addEventListener("soundless", () => announce("The recording cannot be played; the replay is silent."));

new Transcript(one("[data-transcript]"), one("[data-follow]"), player);
new Events(one("[data-events]"));
readWhenOpened(one("[data-known]"));
keys({ player, figure: () => figure, timeline, dialog: one("[data-keys]"), copy: copyLink });
whenWide(drawWide);
drawNarrow();
if (page.dataset.at) player.seek(Number(page.dataset.at));
showTime();
