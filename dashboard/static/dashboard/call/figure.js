// The Plotly figure: fetched, filled with waveforms, coloured by the theme, and kept sharp when zoomed.

import { coloured } from "./colours.js";
import { ticks } from "./time.js";
import { Waves } from "./waves.js";

const CONFIG = {
  displayModeBar: false,
  displaylogo: false,
  showSendToCloud: false, // on by default, it would post the figure to somebody else's server
  showTips: false,
  doubleClick: false,
  responsive: true,
};
const LEAST_S = 0.5; // stamps are no finer: a shorter view shows nothing more, and one is lost in it
const REST_MS = 120;
const AXIS = 28; // pixels of the ticks below the lanes

export class Figure extends EventTarget {
  #div;
  #api;
  #spec;
  #waves;
  #lanes;
  #reading = null;
  #resting = null;

  // Gives a drawn figure; `api` is the call's address in the API, `view` what is shown at first, and
  // `lanes` which; else all.
  static async draw(div, api, recording, { view, lanes }) {
    const figure = new Figure(div, api, recording);
    figure.#lanes = lanes;
    figure.#take(await answered(early.figure()));
    const { layout } = figure.#spec;
    if (view) layout.xaxis.range = figure.#within(view);
    await Promise.all([figure.#waves.sharpen(figure.#spec.data, layout.xaxis.range), early.load()]);
    Object.assign(layout.xaxis, ticks(layout.xaxis.range, div.clientWidth));
    await Plotly.newPlot(div, ...figure.#drawn(), CONFIG);
    div.on("plotly_relayout", (change) => figure.#moved(change));
    document.addEventListener("themechange", () => figure.#redraw());
    return figure;
  }

  constructor(div, api, recording) {
    super();
    this.#div = div;
    this.#api = api;
    this.#waves = new Waves(recording);
  }

  get full() {
    return [this.#spec.layout.xaxis.minallowed, this.#spec.layout.xaxis.maxallowed];
  }

  get range() {
    return this.#div.layout.xaxis.range.map(Number);
  }

  // With its ticks, so that one drawing is enough.
  show(range) {
    const within = this.#within(range);
    const { tickvals, ticktext } = ticks(within, this.#div.clientWidth);
    return Plotly.relayout(this.#div, { "xaxis.range": within, "xaxis.tickvals": tickvals, "xaxis.ticktext": ticktext });
  }

  zoom(factor, around) {
    const [from, to] = this.range;
    const centre = around > from && around < to ? around : (from + to) / 2;
    return this.show([centre - (centre - from) * factor, centre + (to - centre) * factor]);
  }

  // Moves the view by a part of its length.
  pan(part) {
    const [from, to] = this.range;
    const [least, most] = this.full;
    const by = Math.min(Math.max((to - from) * part, least - from), most - to);
    return this.show([from + by, to + by]);
  }

  // Draws these lanes, top to bottom; null for all.
  async relane(lanes) {
    this.#lanes = lanes;
    await this.#read(this.range);
  }

  // Reads it anew: more has been told of the call. Who sees all of it sees all of it then.
  async refresh() {
    const [from, to] = this.range;
    const [least, most] = this.full;
    await this.#read([from, to]);
    if (from <= least + 0.01 && to >= most - 0.01) await this.show(this.full);
  }

  // Once the rows are as tall as the style says now.
  resize() {
    this.#spec.layout.height = this.#height;
    return this.#redraw();
  }

  #within(range) {
    const [least, most] = this.full;
    const length = Math.min(Math.max(range[1] - range[0], LEAST_S), most - least);
    const from = Math.min(Math.max((range[0] + range[1] - length) / 2, least), most - length);
    return [from, from + length];
  }

  #take(spec) {
    const { layout } = spec;
    Object.assign(layout.margin, { l: 0 });
    Object.assign(layout.yaxis, { showticklabels: false });
    layout.font.family = getComputedStyle(document.body).fontFamily;
    layout.height = this.#height;
    this.#spec = spec;
  }

  // The figure is as tall as its rows are drawn; a unit of its own is a pixel of the least window's.
  get #height() {
    const rows = [...this.#div.parentElement.querySelectorAll(".rows > :not([hidden])")];
    return rows.reduce((sum, row) => sum + row.offsetHeight, 0) + AXIS;
  }

  // Of answers that overtake each other the one that was asked for last is drawn, where one looks by then.
  async #read(range) {
    const reading = (this.#reading = {});
    const query = new URLSearchParams({ from: range[0], to: range[1] });
    if (this.#lanes) query.set("lanes", this.#lanes.join(","));
    const asof = new URLSearchParams(window.location.search).get("asof");
    if (asof) query.set("asof", asof);
    const spec = await answered(fetch(`${this.#api}/figure.json?${query}`, { headers: { Accept: "application/json" } }));
    if (reading !== this.#reading) return;
    const view = this.range;
    this.#take(spec);
    spec.layout.xaxis.range = view;
    Object.assign(spec.layout.xaxis, ticks(view, this.#div.clientWidth));
    await this.#waves.sharpen(spec.data, view, true);
    await this.#redraw();
  }

  #drawn() {
    const { data, layout } = coloured(this.#spec);
    return [data, layout];
  }

  #redraw() {
    return Plotly.react(this.#div, ...this.#drawn(), CONFIG);
  }

  async #moved(change) {
    if (!("xaxis.range" in change || "xaxis.range[0]" in change || "xaxis.autorange" in change)) return;
    const [from, to] = this.range;
    if (to - from < LEAST_S - 1e-6) return this.show([from, to]);
    const { xaxis, meta } = this.#spec.layout;
    xaxis.range = "xaxis.autorange" in change ? this.full : this.range;
    this.dispatchEvent(new Event("view"));
    if (meta?.thinned) return this.#rest(xaxis.range);
    Object.assign(xaxis, ticks(xaxis.range, this.#div.clientWidth));
    const sharper = await this.#waves.sharpen(this.#spec.data, xaxis.range);
    if (sharper || !("xaxis.tickvals" in change)) await this.#redraw();
  }

  // What is in view is asked for once it rests there: who pans on sees what was there, moved.
  #rest(range) {
    clearTimeout(this.#resting);
    this.#resting = setTimeout(() => this.#read(range).catch(() => {}), REST_MS);
  }
}

async function answered(answer) {
  const given = await answer;
  if (!given.ok) throw new Error(`${given.status} for ${given.url}`);
  return given.json();
}
