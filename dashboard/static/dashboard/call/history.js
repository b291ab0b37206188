// A part of the page that is read from the server when it is opened.

export function readWhenOpened(details) {
  const body = details.querySelector("[data-known-body]");
  let read = false;
  details.addEventListener("toggle", async () => {
    if (!details.open || read) return;
    read = true;
    body.setAttribute("aria-busy", "true");
    try {
      const answer = await fetch(`${details.dataset.known}?part=1`);
      if (!answer.ok || answer.redirected) throw new Error(`the server answered ${answer.status}`);
      body.innerHTML = await answer.text();
    } catch (error) {
      read = false;
      body.textContent = `This could not be read: ${error.message}.`;
    } finally {
      body.removeAttribute("aria-busy");
    }
  });
}
