// The queries that this browser asked last. Storage may be forbidden, or hold anything.

const RECENT = "recent-queries";
const MOST = 10;

export function recent() {
  try {
    const kept = JSON.parse(localStorage.getItem(RECENT));
    return Array.isArray(kept) ? kept.filter((each) => typeof each === "string").slice(0, MOST) : [];
  } catch {
    return [];
  }
}

export function remember(query) {
  const asked = query.trim();
  if (!asked) return;
  store([asked, ...recent().filter((each) => each !== asked)].slice(0, MOST));
}

// They may name people, and the next who logs in here may be somebody else.
export function forgetAtLogout() {
  document.addEventListener("submit", (event) => {
    if (event.target.action?.endsWith("/logout/")) store([]);
  });
}

function store(queries) {
  try {
    if (queries.length) localStorage.setItem(RECENT, JSON.stringify(queries));
    else localStorage.removeItem(RECENT);
  } catch {
    /* nothing is remembered */
  }
}
