// Gives a function that acts now or, sooner than `wait` after it acted last, when that is over. One at a time: an
// answer that comes late would put back what a later one has shown.

export function seldom(wait, act) {
  let last = -Infinity;
  let timer = null;
  let running = false;
  let again = false;
  const run = async () => {
    timer = null;
    if (running) return void (again = true);
    [running, again, last] = [true, false, performance.now()];
    try {
      await act();
    } finally {
      running = false;
      if (again) ask();
    }
  };
  const ask = () => void (timer ??= setTimeout(run, Math.max(0, last + wait - performance.now())));
  return ask;
}
