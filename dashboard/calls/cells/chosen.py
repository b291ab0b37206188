"""What stands in the columns that a reader chooses."""

from collections.abc import Callable

from callstore.report.document import Document
from dashboard.calls.cells.values import Value, moment, number, seconds, term, value
from dashboard.export.incident import pressed


def _ended(document: Document) -> Value | None:
    at = moment(document.get("ended_at"))
    return Value(f"{at:%H:%M:%S}", about=f"{at:%Y-%m-%d %H:%M:%S} UTC") if at else None


def _dtmf(document: Document) -> Value | None:
    keys = pressed(document)
    return Value(keys, term("dtmf", keys) if len(keys) == 1 else "has:dtmf") if keys else None


def _last_event(document: Document) -> Value | None:
    kind = document.get("ai_last_event_type")
    return Value(kind) if kind else None


def _sources(document: Document) -> Value | None:
    states = {
        name: state for name, state in (document.get("sources") or {}).items() if state != "never_expected"
    }
    if not states:
        return None
    present = sum(state == "present" for state in states.values())
    return Value(f"{present} of {len(states)}", about=", ".join(f"{n}: {s}" for n, s in states.items()))


CELLS: dict[str, Callable[[Document], Value | None]] = {
    "cause": lambda call: value("cause", call.get("cause")),
    "ended_at": _ended,
    "to": lambda call: number("to", call.get("to")),
    "topology": lambda call: value("topology", call.get("topology")),
    "region": lambda call: value("region", call.get("region")),
    "edge": lambda call: value("edge", call.get("edge")),
    "model": lambda call: value("model", call.get("ai_model")),
    "dtmf": _dtmf,
    "last_event": _last_event,
    "ai_silence": lambda call: seconds("ai_silence", call.get("ai_silence_before_end_s")),
    "speech_to_end": lambda call: seconds("speech_to_end", call.get("caller_speech_end_to_child_end_s")),
    "response": lambda call: seconds("response", call.get("response_time_p50_s")),
    "dead_air": lambda call: seconds("dead_air", call.get("longest_dead_air_s")),
    "lag": lambda call: seconds("", call.get("detection_lag_s")),
    "sources": _sources,
}
