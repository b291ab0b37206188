// Single keys. They are silent in fields and can be switched off (WCAG 2.1.4).

const STORED = "single-keys";

export function keys({ player, figure, timeline, dialog, copy }) {
  const enabled = dialog.querySelector("[data-keys-on]");
  enabled.checked = localStorage.getItem(STORED) !== "off";
  enabled.addEventListener("change", () => localStorage.setItem(STORED, enabled.checked ? "on" : "off"));
  const suspicious = timeline.marks.filter((mark) => mark.suspicious).map((mark) => mark.start_s).sort((a, b) => a - b);
  const jump = (t) => t !== undefined && player.seek(t);
  const acts = {
    " ": () => player.toggle(),
    k: () => player.toggle(),
    ArrowLeft: (event) => player.seek(player.t - (event.shiftKey ? 5 : 1)),
    ArrowRight: (event) => player.seek(player.t + (event.shiftKey ? 5 : 1)),
    n: () => jump(suspicious.find((t) => t > player.t + 0.05)),
    p: () => jump(suspicious.findLast((t) => t < player.t - 0.05)),
    f: () => figure()?.show(figure().full),
    c: copy,
    "?": () => dialog.showModal(),
  };
  document.addEventListener("keydown", (event) => {
    const { target, key } = event;
    if (event.ctrlKey || event.metaKey || event.altKey || dialog.open) return;
    if (target.closest("input, select, textarea, [contenteditable]")) return;
    if ((key === " " || key === "Enter") && target.closest("button, a, summary")) return;
    const onSlider = target.role === "slider";
    if (onSlider && key === "Home") player.seek(timeline.start_s);
    else if (onSlider && key === "End") player.seek(timeline.call_end_s);
    else if (acts[key.length === 1 ? key.toLowerCase() : key] && (enabled.checked || onSlider)) {
      acts[key.length === 1 ? key.toLowerCase() : key](event);
    } else return;
    event.preventDefault();
  });
}
