// What every lane says of one moment, in words: for the cursor's card, the playhead and the player.

import { begun, ofLane } from "./timeline.js";

const ANY = ["state", "moment", "end", "speech", "words", "gap"];
const LOOKED_AT = 50; // marks that began before, of which one may last until now

function at(marks, lane, t, kinds) {
  const there = ofLane(marks, lane, kinds);
  const behind = begun(there, t);
  for (let i = behind - 1; i >= Math.max(0, behind - LOOKED_AT); i--) if ((there[i].end_s ?? Infinity) > t) return there[i];
  return undefined;
}

function leg(marks, lane, name, t) {
  const state = at(marks, lane, t, ["state"]);
  if (state) return `${name} ${state.label}`;
  const [end] = ofLane(marks, lane, ["end"]);
  if (end && end.start_s <= t) return `${name} ${end.label}`;
  return ofLane(marks, lane, ANY).length ? `${name} not begun` : null;
}

// When the last leg ended: nobody is silent, or speaks, after that. Never, while one goes on.
function ended(marks) {
  const legs = [...ofLane(marks, "parent", ANY), ...ofLane(marks, "child", ANY)];
  const ends = legs.filter((m) => m.kind === "end").map((m) => m.start_s);
  return ends.length && legs.every((m) => m.start_s <= Math.max(...ends)) ? Math.max(...ends) : Infinity;
}

function session(timeline, t) {
  const { marks, ai_last_event_s: last } = timeline;
  const [closed] = ofLane(marks, "ai", ["end"]);
  if (closed && closed.start_s <= t) return `AI ${closed.label}`;
  if (last !== null && t > last) {
    const end = ended(marks);
    return t >= end ? `AI silent for the last ${(end - last).toFixed(1)} s` : `AI silent ${(t - last).toFixed(1)} s`;
  }
  const state = at(marks, "ai", t, ["state"]);
  return state ? `AI ${state.label}` : null;
}

function speech(timeline, t) {
  const { marks, recording } = timeline;
  const phrases = [];
  for (const who of ["agent", "caller"]) {
    const spoken = at(marks, `${who}_audio`, t, ["speech"]);
    if (spoken) phrases.push({ lane: `${who}_audio`, text: spoken.style === "solid" ? `${who} speaking` : spoken.label });
  }
  if (!phrases.length && recording && t >= recording.start_s && t <= recording.end_s) {
    phrases.push({ lane: "caller_audio", text: "nobody speaking" });
  }
  return phrases;
}

// [{lane, text}], in the order of the lanes.
export function phrases(timeline, t) {
  const { marks } = timeline;
  const found = [
    { lane: "parent", text: t >= ended(marks) ? "ended" : null },
    { lane: "parent", text: leg(marks, "parent", "parent", t) },
    { lane: "child", text: leg(marks, "child", "child", t) },
    { lane: "ai", text: session(timeline, t) },
    ...speech(timeline, t),
  ];
  if (at(marks, "caller_text", t, ["gap"])) found.push({ lane: "gap", text: "no transcript" });
  return found.filter((each) => each.text);
}

export const sentence = (timeline, t) => phrases(timeline, t).map((each) => each.text).join(" · ");
