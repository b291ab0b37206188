// How fresh the page is, in a line with its buttons: [data-live-state], -refresh, -pause, -again.

const two = (number) => String(number).padStart(2, "0");
const clock = (at) => new Date(at).toISOString().slice(11, 19);
const length = (ms) => `${two(Math.floor(ms / 60_000))}:${two(Math.floor(ms / 1000) % 60)}`;

const WORDS = {
  live: (told) => `Live, as of ${clock(told)} UTC`,
  asking: () => "Asked anew every 5 s",
  paused: (told) => `Paused, as of ${clock(told)} UTC`,
  stale: (told) => `Live updates stopped ${length(Date.now() - told)} ago`,
  ended: () => "Your login has ended",
};
// Said aloud when it begins, and not each second.
const ALOUD = { stale: "Live updates stopped.", ended: "Your login has ended." };

export function showState(root, changes) {
  const one = (name) => root.querySelector(`[data-live-${name}]`);
  const { state, told } = changes;
  const line = one("state");
  const words = WORDS[state](told);
  if (line.textContent !== words) line.textContent = words;
  root.dataset.state = state;
  one("refresh").hidden = ["live", "asking"].includes(state);
  one("again").hidden = state !== "stale";
  const pause = one("pause");
  pause.hidden = ["stale", "ended"].includes(state);
  pause.textContent = state === "paused" ? "Resume" : "Pause";
  pause.setAttribute("aria-pressed", state === "paused");
}

export function bindState(find, changes, say) {
  let before = changes.state;
  const show = () => {
    const root = find();
    if (root) showState(root, changes);
    if (changes.state !== before && (ALOUD[changes.state] || before === "stale")) say(ALOUD[changes.state] ?? "Live again.");
    before = changes.state;
  };
  changes.addEventListener("state", show);
  document.addEventListener("click", (event) => {
    if (event.target.closest("[data-live-pause]")) changes.state === "paused" ? changes.again() : changes.pause();
    if (event.target.closest("[data-live-again]")) changes.again();
  });
  show();
  return show;
}
