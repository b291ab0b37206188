// What the page's address says of the view, and what is written back to it: t, z, sel, lanes and order.

const SPAN = /^(-?\d+(?:\.\d+)?)-(-?\d+(?:\.\d+)?)$/;

// [from, to] of "40-61.5"; null for anything else.
export function span(text) {
  const [, from, to] = SPAN.exec(text ?? "") ?? [];
  return from !== undefined && Number(to) > Number(from) ? [Number(from), Number(to)] : null;
}

export const spanText = ([from, to]) => `${Number(from.toFixed(2))}-${Number(to.toFixed(2))}`;

export const asked = (name) => new URL(location.href).searchParams.get(name);

// Changes parts of the address in place; null takes one out. Everything else in it stays.
export function write(parts) {
  const url = new URL(location.href);
  for (const [name, value] of Object.entries(parts)) {
    if (value === null) url.searchParams.delete(name);
    else url.searchParams.set(name, value);
  }
  history.replaceState(history.state, "", url.href.replaceAll("%2C", ","));
  return new URL(location.href);
}
