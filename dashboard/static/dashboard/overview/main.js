// Draws the charts of the overview. Each is a picture of a table that is on the page, and that is closed once it
// is drawn; a click on a mark opens the list of its calls.

import { coloured } from "../call/colours.js";
import { tellDoctor } from "./doctor.js";

const CONFIG = {
  displayModeBar: false,
  displaylogo: false,
  showSendToCloud: false, // on by default, it would post the figure to somebody else's server
  showTips: false,
  doubleClick: false,
  responsive: true,
};

const figures = JSON.parse(document.getElementById("figures").textContent);
const charts = [...document.querySelectorAll("[data-chart]")].filter((div) => figures[div.dataset.chart]);

async function draw(div) {
  const { data, layout } = coloured(figures[div.dataset.chart]);
  layout.font.family = getComputedStyle(document.body).fontFamily;
  await Plotly.react(div, data, layout, CONFIG);
}

async function begin(div) {
  const title = div.closest("section").querySelector("h2").textContent;
  div.setAttribute("role", "img");
  div.setAttribute("aria-label", `Chart: ${title}. Its numbers are in the table.`);
  await draw(div);
  div.on("plotly_click", ({ points: [point] }) => point?.customdata && window.location.assign(point.customdata));
}

tellDoctor(document.querySelector("[data-doctor]")).catch(() => {}); // as above

if (window.Plotly) {
  document.documentElement.dataset.drawn = "";
  for (const table of document.querySelectorAll("details.as-table")) table.open = false;
  await Promise.all(charts.map(begin));
  document.addEventListener("themechange", () => charts.forEach(draw));
}
