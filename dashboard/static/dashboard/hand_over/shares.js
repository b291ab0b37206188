// Copies the link of a new share; without a script it is selected and copied by hand.

import { copied } from "../call/copy.js";

const button = document.querySelector("[data-copy-link]");
if (button) {
  const link = document.getElementById("link");
  button.hidden = false;
  link.addEventListener("focus", () => link.select());
  button.addEventListener("click", async () => {
    const done = await copied(link.value, button);
    if (!done) link.focus();
    document.querySelector("[data-copy-told]").textContent = done ? "Link copied." : "Copy it by hand: it is selected.";
  });
}
