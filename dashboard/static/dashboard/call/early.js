// Starts what takes longest before the page is read: Plotly, where there is room for the axis, and what it draws.
"use strict";
(() => {
  const { plotly, read, timeline, peaks, recording, channels, from, to } = document.currentScript.dataset;
  const wide = matchMedia("(min-width: 641px)");
  const columns = 2400; // of a waveform: finer than the widest plot has pixels
  const begun = new Map(); // address → its answer, for whoever asks first
  let loaded = null;
  const load = () =>
    (loaded ??= new Promise((resolve, reject) => {
      const script = Object.assign(document.createElement("script"), { src: plotly, onload: resolve });
      script.onerror = () => reject(new Error("Plotly could not be loaded"));
      document.head.append(script);
    }));
  const json = (url) => fetch(url, { headers: { Accept: "application/json" } });
  const begin = (url) => {
    begun.set(url, json(url));
    begun.get(url).catch(() => {}); // told to who asks for it
  };
  const ask = (url) => {
    const answer = begun.get(url) ?? json(url);
    begun.delete(url);
    return answer;
  };
  const wave = (of, channel, begins, ends) =>
    `${peaks}?${new URLSearchParams({ channel, from: begins, to: ends, px: columns, recording: of })}`;
  if (wide.matches) begin(read);
  if (timeline) begin(timeline); // where the marks are too many to stand in the page
  // All of the call, unless the address shows a part of it.
  if (wide.matches && recording && !new URLSearchParams(location.search).has("z")) {
    for (let channel = 1; channel <= Math.min(channels, 2); channel++) begin(wave(recording, channel, Number(from), Number(to)));
  }
  if (wide.matches) load();
  window.early = { wide, load, columns, figure: () => ask(read), timeline: () => ask(timeline), peaks: (...of) => ask(wave(...of)) };
})();
