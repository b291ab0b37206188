// A part of the page that is read from the server when it is opened.

import { part } from "./parts.js";

export function readWhenOpened(details) {
  const body = details.querySelector("[data-known-body]");
  let read = false;
  details.addEventListener("toggle", async () => {
    if (!details.open || read) return;
    read = true;
    body.setAttribute("aria-busy", "true");
    try {
      body.replaceChildren(await part(details.dataset.known));
    } catch (error) {
      read = false;
      body.textContent = `This could not be read: ${error.message}.`;
    } finally {
      body.removeAttribute("aria-busy");
    }
  });
}
