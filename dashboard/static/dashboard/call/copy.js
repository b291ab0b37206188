// Copying, and the sign of it: on the button for two seconds for who sees, in the live region for who hears.

const SHOWN_MS = 2000;

export async function copied(words, button) {
  try {
    await navigator.clipboard.writeText(words);
  } catch {
    return false;
  }
  if (button) {
    button.dataset.copied = "";
    setTimeout(() => delete button.dataset.copied, SHOWN_MS);
  }
  return true;
}

// A line above the player for a while.
export function toast(element, words) {
  element.textContent = words;
  element.hidden = false;
  clearTimeout(toast.running);
  toast.running = setTimeout(() => (element.hidden = true), SHOWN_MS * 2);
}
