// Back and Forward are htmx's, once it listens. Who presses them while the scripts are still under way moves the
// address, and the list stays: it is then asked for again.

const written = (parameters) => String(new URLSearchParams(parameters));

function catchUp() {
  if (written(document.getElementById("calls").dataset.asked) !== written(location.search)) location.reload();
}

// After htmx, which begins to listen by the same event.
export function followHistory() {
  document.addEventListener("DOMContentLoaded", catchUp);
}
