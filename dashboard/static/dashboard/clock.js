// Times of the page in UTC or in the reader's own zone: <time datetime data-clock>, with one switch that is kept.

const STORED = "clock";
const two = (number) => String(number).padStart(2, "0");
let local = read();

function read() {
  try {
    return localStorage.getItem(STORED) === "local";
  } catch {
    return false;
  }
}

function zone() {
  const minutes = -new Date().getTimezoneOffset();
  return `UTC${minutes < 0 ? "−" : "+"}${two(Math.floor(Math.abs(minutes) / 60))}:${two(Math.abs(minutes) % 60)}`;
}

function written(moment, here) {
  const part = (name) => (here ? moment[`get${name}`]() : moment[`getUTC${name}`]());
  return {
    day: `${part("FullYear")}-${two(part("Month") + 1)}-${two(part("Date"))}`,
    time: `${two(part("Hours"))}:${two(part("Minutes"))}:${two(part("Seconds"))}`,
  };
}

// The day is shown where it is another than the row's above.
export function showClock() {
  let above = null;
  for (const time of document.querySelectorAll("time[data-clock]")) {
    const moment = new Date(time.dateTime);
    const { day, time: clock } = written(moment, local);
    const other = written(moment, !local);
    time.title = `${time.dataset.ago ?? (time.dataset.ago = time.title)} · ${other.day} ${other.time} ${local ? "UTC" : zone()}`;
    const [dayPart, clockPart] = time.children;
    dayPart.textContent = day;
    dayPart.classList.toggle("same", day === above);
    clockPart.textContent = clock;
    above = day;
  }
  for (const name of document.querySelectorAll("[data-zone]")) name.textContent = local ? zone() : "UTC";
  for (const button of document.querySelectorAll("[data-clock-switch]")) {
    button.hidden = false;
    button.querySelector("[data-clock-name]").textContent = local ? "Local" : "UTC";
    button.title = local ? "Show UTC" : `Show local time, ${zone()}`;
  }
}

document.addEventListener("click", (event) => {
  if (!event.target.closest("[data-clock-switch]")) return;
  local = !local;
  try {
    localStorage.setItem(STORED, local ? "local" : "utc");
  } catch {
    // not remembered
  }
  showClock();
});
