// Copies what is shown once: a link, a token, a secret. Without a script it is selected and copied by hand.

import { copied } from "./call/copy.js";

for (const button of document.querySelectorAll("[data-copy-from]")) {
  const from = document.getElementById(button.dataset.copyFrom);
  const told = button.parentElement.querySelector("[data-copy-told]");
  button.hidden = false;
  button.addEventListener("click", async () => {
    const done = await copied(from.value ?? from.textContent, button);
    if (!done) getSelection().selectAllChildren(from);
    if (!done) from.select?.();
    told.textContent = done ? "Copied." : "Copy it by hand: it is selected.";
  });
}
