// Single keys. They are silent in fields and can be switched off (WCAG 2.1.4).

import { bindSwitch, keysOn } from "../keys_switch.js";
import { offset } from "./time.js";

const SPEEDS = [0.5, 0.75, 1, 1.5, 2, 3];
const NEAR_S = 0.001;

function goTo(id) {
  const there = document.getElementById(id);
  if (!there) return; // a call that runs has no evidence yet
  there.tabIndex = -1;
  there.focus({ preventScroll: true });
  there.scrollIntoView({ block: "center" });
}

export function keys({ player, view, timeline, dialog, acts, say }) {
  bindSwitch(dialog.querySelector("[data-keys-on]"));
  const first = timeline.marks.reduce((least, mark) => Math.min(least, mark.start_s), 0);
  // Of the marks that there are by now.
  const times = (wanted) => [...new Set(timeline.marks.filter(wanted).map((mark) => mark.start_s))].sort((a, b) => a - b);
  const all = () => times(() => true);
  const suspicious = () => times((mark) => mark.suspicious);
  const step = (times, back, what) => {
    const list = times();
    const t = back ? list.findLast((each) => each < player.t - NEAR_S) : list.find((each) => each > player.t + NEAR_S);
    if (t !== undefined) player.seek(t);
    else say(list.length ? `That was the ${back ? "first" : "last"} ${what}, at ${offset(list.at(back ? 0 : -1))}.` : `This call has no ${what}.`);
  };
  const faster = (by) => (player.speed = SPEEDS[Math.min(Math.max(SPEEDS.indexOf(player.speed) + by, 0), SPEEDS.length - 1)]);
  const single = {
    " ": () => player.toggle(),
    k: () => player.toggle(),
    n: () => step(suspicious, false, "suspicious mark"),
    p: () => step(suspicious, true, "suspicious mark"),
    ".": () => step(all, false, "mark"),
    ",": () => step(all, true, "mark"),
    w: () => acts.zoomBy(0.5),
    s: () => acts.zoomBy(2),
    a: () => view()?.pan(-0.2),
    d: () => view()?.pan(0.2),
    f: () => acts.fit(),
    l: () => acts.loop(),
    "<": () => faster(-1),
    ">": () => faster(1),
    c: () => acts.copyLink(),
    e: () => goTo("evidence-title"),
    t: () => goTo("transcript-title"),
    v: () => document.querySelector(".review select")?.focus(),
    "?": () => dialog.showModal(),
    ArrowLeft: (event) => player.seek(player.t - (event.shiftKey ? 5 : 1)),
    ArrowRight: (event) => player.seek(player.t + (event.shiftKey ? 5 : 1)),
  };
  for (let number = 1; number <= 9; number++) single[number] = () => acts.lane(number);
  // What a slider owes (ARIA APG), also where single keys are off.
  const slider = {
    ArrowUp: () => player.seek(player.t + 1),
    ArrowDown: () => player.seek(player.t - 1),
    PageUp: () => player.seek(player.t + 10),
    PageDown: () => player.seek(player.t - 10),
    Home: () => player.seek(first),
    End: () => player.seek(timeline.call_end_s),
    ArrowLeft: single.ArrowLeft,
    ArrowRight: single.ArrowRight,
  };
  document.addEventListener("keydown", (event) => {
    const { target } = event;
    const key = event.key.length === 1 ? event.key.toLowerCase() : event.key;
    if (event.ctrlKey || event.metaKey || event.altKey || document.querySelector("dialog[open]")) return;
    if (target.closest("input, select, textarea, [contenteditable]")) return;
    if ((key === " " || key === "Enter") && target.closest("button, a, summary")) return;
    const act = (target.role === "slider" && slider[key]) || (keysOn() && single[key]);
    if (!act) return;
    act(event);
    event.preventDefault();
  });
}
