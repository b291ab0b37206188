// Starts what takes longest before the page is read: Plotly, where there is room for the axis, and the figure.
"use strict";
(() => {
  const { plotly, read: figure, timeline } = document.currentScript.dataset;
  const wide = matchMedia("(min-width: 641px)");
  let loaded = null;
  const load = () =>
    (loaded ??= new Promise((resolve, reject) => {
      const script = Object.assign(document.createElement("script"), { src: plotly, onload: resolve });
      script.onerror = () => reject(new Error("Plotly could not be loaded"));
      document.head.append(script);
    }));
  const json = (url) => fetch(url, { headers: { Accept: "application/json" } });
  const read = () => json(figure);
  let first = wide.matches ? read() : null;
  const marks = timeline ? json(timeline) : null; // where they are too many to stand in the page
  marks?.catch(() => {}); // told to who asks for it
  if (wide.matches) load();
  window.early = { wide, load, figure: () => [first ?? read(), (first = null)][0], timeline: () => marks };
})();
