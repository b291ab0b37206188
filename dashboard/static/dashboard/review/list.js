// Counts the marked calls, says so in the bar, and marks a page at once. Without it the form works all the same.

const boxes = () => [...document.querySelectorAll(".pick input")];

function tell() {
  const bar = document.querySelector("[data-marked]");
  if (!bar) return;
  const marked = boxes().filter((box) => box.checked).length;
  const count = bar.querySelector("[data-marked-count]");
  count.dataset.none ??= count.textContent;
  bar.classList.toggle("on", marked > 0);
  count.textContent = marked ? `${marked} selected · ${count.dataset.none.split("· ").at(-1)}` : count.dataset.none;
  bar.querySelector("[data-marked-number]").textContent = marked || "";
  const page = bar.querySelector("[data-mark-page]");
  page.hidden = false;
  page.textContent = marked === boxes().length ? "Unmark the page" : "Mark the page";
}

document.addEventListener("change", (event) => {
  if (event.target.matches(".pick input")) tell();
});
document.addEventListener("click", (event) => {
  if (!event.target.closest("[data-mark-page]")) return;
  const all = boxes();
  const on = !all.every((box) => box.checked);
  for (const box of all) box.checked = on;
  tell();
});
document.addEventListener("htmx:afterSwap", tell);
tell();
