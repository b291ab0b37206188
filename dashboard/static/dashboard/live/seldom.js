// Gives a function that acts now or, sooner than `wait` after it acted last, when that is over.

export function seldom(wait, act) {
  let last = -Infinity;
  let timer = null;
  const run = () => {
    timer = null;
    last = performance.now();
    act();
  };
  return () => (timer ??= setTimeout(run, Math.max(0, last + wait - performance.now())));
}
