// What `sel=` of the address names: an event, and a stretch or a mark beside it, parted by a comma. Neither part
// touches the other. dashboard/call/selected.py reads the same.

import { asked, span, write } from "./address.js";

const EVENT = /^evt_(\d{1,18})$/;
const MARK = /^[a-z][a-z_]*-\d{1,9}$/;

// {event, stretch, mark}: a position as text, [from, to], an id; each null where it is not named.
export function parse(text) {
  const found = { event: null, stretch: null, mark: null };
  for (const part of (text ?? "").split(",")) {
    const [, position] = EVENT.exec(part) ?? [];
    const free = !found.stretch && !found.mark;
    if (position) found.event ??= position;
    else if (span(part)) found.stretch = free ? span(part) : found.stretch;
    else if (MARK.test(part) && free) found.mark = part;
  }
  return found;
}

export const selected = () => parse(asked("sel"));

// Names another event in the address, or with null none; what is selected beside it stays.
export function nameEvent(position) {
  put(place(asked("sel")), position);
}

// Names another stretch or mark, as text, or with null none; the event beside it stays.
export function namePlace(text) {
  if (place(asked("sel")) !== text) put(text, selected().event);
}

function put(text, position) {
  write({ sel: [text, position && `evt_${position}`].filter(Boolean).join(",") || null });
}

// The stretch or mark as it is written in the address.
const place = (text) => (text ?? "").split(",").find((part) => span(part) || MARK.test(part)) ?? null;
