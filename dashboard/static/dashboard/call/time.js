// Seconds from the call's start as people read them.

export function offset(seconds, digits = 1) {
  const scale = 10 ** digits;
  const units = Math.round(Math.abs(seconds) * scale);
  const whole = Math.floor(units / scale);
  const two = (n) => String(n).padStart(2, "0");
  const hours = Math.floor(whole / 3600);
  const text = `${two(Math.floor(whole / 60) % 60)}:${two(whole % 60)}`;
  const rest = digits ? `.${String(units % scale).padStart(digits, "0")}` : "";
  return (seconds < 0 && units ? "−" : "") + (hours ? `${hours}:` : "") + text + rest;
}

// A moment as the reader's own clock has it, with its zone; "" where that is UTC.
export function ownClock(startedAt, seconds) {
  const moment = new Date(Date.parse(startedAt) + seconds * 1000);
  const ahead = -moment.getTimezoneOffset();
  if (!ahead) return "";
  const own = new Date(moment.getTime() + ahead * 60_000).toISOString();
  const [hours, minutes] = [Math.trunc(Math.abs(ahead) / 60), Math.abs(ahead) % 60].map((n) => String(n).padStart(2, "0"));
  return `${own.slice(0, 10)} ${own.slice(11, 19)} UTC${ahead < 0 ? "−" : "+"}${hours}:${minutes}`;
}

// The moment on the wall clock, UTC.
export function clock(startedAt, seconds) {
  return new Date(Date.parse(startedAt) + seconds * 1000).toISOString().slice(11, 21);
}

const STEPS = [0.1, 0.2, 0.5, 1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200];

// Ticks at round times, at least `apart` pixels from each other.
export function ticks([from, to], width, apart = 84) {
  const least = ((to - from) / Math.max(width, 1)) * apart;
  const step = STEPS.find((each) => each >= least) ?? Math.ceil(least / STEPS.at(-1)) * STEPS.at(-1);
  const first = Math.ceil(from / step);
  const count = Math.max(0, Math.floor(to / step) - first + 1);
  const values = Array.from({ length: count }, (_, i) => (first + i) * step);
  return { tickvals: values, ticktext: values.map((t) => offset(t, step < 1 ? 1 : 0)) };
}
