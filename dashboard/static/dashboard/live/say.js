// Words for who does not see the page change: at most one message in 5 s, and of several the last.

const EVERY_MS = 5_000;

export function speaker(region) {
  let last = -EVERY_MS;
  let waiting = null;
  let timer = null;
  const speak = () => {
    last = performance.now();
    timer = null;
    region.textContent = waiting;
  };
  return (words) => {
    waiting = words;
    timer ??= setTimeout(speak, Math.max(0, last + EVERY_MS - performance.now()));
  };
}
