// A list that was not answered is told in one line under the box, and the list that stands there stays.

const LISTED = () => document.querySelector("#q")?.defaultValue || "all calls";

function why(status) {
  if (!status) return "Not answered: there is no connection to the server.";
  if (status === 503) return "Not answered: the server is busy (503).";
  return `Not answered: the server failed (${status}).`;
}

function tell(event) {
  const { xhr, pathInfo, target } = event.detail;
  if (target?.id !== "calls") return;
  const line = document.createElement("p");
  const again = document.createElement("a");
  line.className = "wrong";
  again.href = pathInfo.finalRequestPath;
  again.textContent = "Try again";
  line.append(`${why(xhr?.status)} The list below is still that of ‹${LISTED()}›. `, again);
  document.getElementById("wrong").replaceChildren(line);
}

export function tellFailures() {
  for (const name of ["sendError", "timeout", "responseError"]) document.addEventListener(`htmx:${name}`, tell);
}
