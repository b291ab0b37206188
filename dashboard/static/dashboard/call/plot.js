// Draws the call's axis: the figure with all that lies over it, and the strip of small screens.

import { asked, span } from "./address.js";
import { Arrows } from "./arrows.js";
import { PlotAxis, StripAxis } from "./axis.js";
import { Cursor } from "./cursor.js";
import { Figure } from "./figure.js";
import { Labels } from "./labels.js";
import { Lanes } from "./lanes.js";
import { Minimap } from "./minimap.js";
import { Playhead } from "./playhead.js";

const TALL = matchMedia("(min-height: 860px)"); // as axis.css has it: taller rows

export async function drawWide({ page, player, selection, timeline }) {
  const plot = page.querySelector("[data-plot]");
  const div = page.querySelector("[data-figure]");
  const view = { view: span(asked("z")), lanes: asked("lanes")?.split(",") ?? null };
  const figure = await Figure.draw(div, page.dataset.api, timeline.recording, view);
  const axis = new PlotAxis(div);
  const over = [
    new Labels(page.querySelector("[data-labels]"), axis, timeline),
    new Arrows(page.querySelector("[data-arrows]"), axis, timeline.hops),
  ];
  const order = () => timeline.lanes.map((lane) => lane.id);
  const lay = () => over.forEach((each) => each.on(lanes.middles));
  const redraw = (shown) => figure.relane(shown).then(lay);
  const lanes = new Lanes(page.querySelector("[data-lanes]"), page.querySelector("[data-wide]"), order(), redraw);
  TALL.addEventListener("change", () => figure.resize().then(lay));
  lay();
  new Cursor(plot, axis, timeline);
  new Playhead(page.querySelector("[data-playhead]"), axis, player, timeline);
  selection.drawOn(axis, page.querySelector("[data-selected]"));
  div.on("plotly_click", (event) => player.seek(event.xvals[0]));
  plot.addEventListener("dblclick", () => figure.show(figure.full));
  page.querySelector("[data-zoom]").hidden = false;
  const map = page.querySelector("[data-minimap]");
  if (map) new Minimap(map, figure, timeline);
  // Draws all that the timeline says by now, where its call still runs.
  const refresh = async () => {
    lanes.take(order());
    over.forEach((each) => each.take(timeline));
    await figure.refresh();
    lay();
  };
  return { figure, lanes, refresh };
}

// Gives what can be zoomed: the strip's view.
export function drawNarrow({ page, player, timeline }) {
  const strip = page.querySelector("[data-strip]");
  const axis = new StripAxis(strip, [timeline.start_s, timeline.end_s]);
  new Playhead(page.querySelector("[data-strip-playhead]"), axis, player, timeline);
  strip.addEventListener("click", (event) => player.seek(axis.seconds(event.clientX - strip.getBoundingClientRect().left)));
  return new StripView(strip.querySelector("svg"), axis, [timeline.start_s, timeline.end_s]);
}

const LEAST_S = 0.5;

// The strip zooms as the figure does: its picture is widened, and its axis says so.
class StripView {
  constructor(svg, axis, full) {
    Object.assign(this, { svg, axis, full });
    this.wide = svg.viewBox.baseVal.width;
  }

  get range() {
    return this.axis.range;
  }

  // As long as the call is by now; its picture has been drawn anew.
  take(full) {
    this.full = full;
    this.show(full);
  }

  show([from, to]) {
    const [least, most] = this.full;
    const length = Math.min(Math.max(to - from, LEAST_S), most - least);
    const start = Math.min(Math.max((from + to - length) / 2, least), most - length);
    const scale = this.wide / (most - least);
    this.svg.setAttribute("viewBox", `${(start - least) * scale} 0 ${length * scale} 60`);
    this.axis.show([start, start + length]);
  }

  zoom(factor, around) {
    const [from, to] = this.range;
    const centre = around > from && around < to ? around : (from + to) / 2;
    this.show([centre - (centre - from) * factor, centre + (to - centre) * factor]);
  }

  pan(part) {
    const [from, to] = this.range;
    const by = (to - from) * part;
    this.show([from + by, to + by]);
  }
}
