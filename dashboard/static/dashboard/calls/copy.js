// What can be copied: pieces of text, and the link to the list. The word on the button says that it was.

async function copy(button, text) {
  const word = button.querySelector("[data-copied]");
  const before = (word.dataset.copied ||= word.textContent);
  try {
    await navigator.clipboard.writeText(text);
    word.textContent = "Copied";
  } catch {
    word.textContent = "Not allowed";
  }
  setTimeout(() => (word.textContent = before), 2000);
}

export function copyOnClick() {
  document.addEventListener("click", (event) => {
    const button = event.target.closest("[data-copy]");
    if (button) return copy(button, button.dataset.copy);
    const link = event.target.closest("[data-copy-link]");
    if (!link || !navigator.clipboard || event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    copy(link, link.href);
  });
}
