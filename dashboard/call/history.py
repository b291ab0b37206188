"""A verdict's history in plain words: what arrived, and what was told from then on. Pure."""

from collections.abc import Iterator

from callstore.domain.facts.clock import unix
from callstore.report.document import Report
from callstore.report.history import Step
from callstore.report.wording import ENDED_FIRST

# Event type → what came, in a reader's words; everything that is not here is of the AI's session.
ARRIVED = {
    "leg.status": "a leg's status",
    "leg.summarised": "Voice Insights",
    "media.noted": "Voice Insights",
    "leg.changed": "a change of the leg by REST",
    "flow.asked": "a TwiML request",
    "flow.answered": "our TwiML",
    "dtmf.pressed": "pressed keys",
    "dial.finished": "the dial action",
    "provider.warned": "a warning of Twilio's",
    "answerer.found": "who or what picked up",
    "conference.changed": "news of a conference",
    "stream.status": "a media stream's status",
    "words.watched": "Twilio's transcription",
    "words.heard": "Twilio's transcription",
    "recording.status": "a recording",
    "recording.analysed": "what was heard in the recording",
    "recording.failed": "a recording that could not be read",
    "recording.removed": "the removal of a recording's sound",
    "recording.nudged": "a hand that moved the recording",
    "gap.transcribed": "a second reading of the gap",
    "session.offered": "OpenAI's webhook",
    "socket.opened": "a socket of ours",
    "socket.closed": "the close of a socket",
    "watch.changed": "our observer",
    "api.called": "our request to OpenAI",
    "app.said": "the application's word",
    "call.noted": "a note",
    "call.overdue": "nothing for longer than a call lasts",
    "call.erased": "the erasure of the call",
    "twilio.asked": "our question to Twilio",
    "unrecognised": "something not understood",
}
EVENTS = "events of the AI session"
UNITS = ((86_400.0, "d"), (3_600.0, "h"), (60.0, "min"))


class ListedStep(Step):
    """A step in the reader's words: `since` counts from the AI leg's end, `now` is the one that holds."""

    clock: str
    since: str
    news: str
    truncated: bool
    who: str
    now: bool


def history_steps(steps: list[Step], call: Report) -> Iterator[ListedStep]:
    """The steps as a page lists them, oldest first, without those that change nothing it shows."""
    ended = call.get("child_ended_at") or call.get("ended_at")
    shown = [n for n, step in enumerate(steps) if not n or _shown(step) != _shown(steps[n - 1])]
    for number in shown:
        step = steps[number]
        same_day = step["at"][:10] == steps[0]["at"][:10]
        yield {
            **step,
            "clock": step["at"][11:23] if same_day else f"{step['at'][:10]} {step['at'][11:19]}",
            "since": _since(unix(step["at"]) - unix(ended)) if ended else "",
            "news": ", ".join(dict.fromkeys(ARRIVED.get(kind, EVENTS) for kind in step["arrived"])),
            "truncated": "truncated" in step["flags"],
            "who": ENDED_FIRST[step["ended_first_by"]] if step["ended_first_by"] != "unknown" else "",
            "now": number == shown[-1],
        }


def _shown(step: Step) -> tuple[object, ...]:
    """What a page shows of a step."""
    judged = step["verdict"], step["confidence"], step["cause"], step["ended_first_by"], step["says"]
    return (*judged, "truncated" in step["flags"])


def _since(seconds: float) -> str:
    if abs(seconds) < 0.05:
        return "at the AI leg's end"
    amount = f"{abs(seconds):.1f} s"
    for length, unit in UNITS:
        if abs(seconds) >= 2 * length:
            amount = f"{abs(seconds) / length:.0f} {unit}"
            break
    return f"{amount} {'after' if seconds > 0 else 'before'} the AI leg's end"
