"""A call's document as spans: legs, AI sessions, turns of both sides, tools. Pure."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, TypeAlias

Attribute: TypeAlias = str | bool | int | float
CALL = "call"  # the key of the span that all others are below
# Stable fields that the whole call is described by; none is a number or a word of anybody.
OF_A_CALL = (
    "call_id", "parent_call_sid", "child_call_sid", "ai_call_id", "direction", "topology", "verdict", "cause",
    "verdict_confidence", "ended_first_by", "gap_kind", "truncation_basis", "sip_response_code", "agent_name",
    "agent_version", "region", "edge", "untranscribed_caller_speech_s", "longest_dead_air_s",
    "response_time_p50_s", "interruptions", "rules_version",
)  # fmt: skip
LOST = ("ai_silent_first", "ai_closed_first", "ai_deaf", "ai_mute", "false_finish", "never_connected")


@dataclass(frozen=True, slots=True)
class Span:
    """A stretch of a call, in epoch seconds; `key` is its own in the call, `parent` another's key."""

    key: str
    parent: str | None
    name: str
    start: float
    end: float
    attributes: Mapping[str, Attribute]
    events: tuple[tuple[str, float, Mapping[str, Attribute]], ...] = field(default=())
    fault: str | None = None


def spans(call: Mapping[str, Any], *, with_words: bool) -> list[Span]:
    """The spans of a call, that of the whole first; [] of one of which nobody knows when it was.

    Words that were said are in them only `with_words`.
    """
    began = _unix(call.get("started_at"))
    parts = [*_legs(call)]
    for conversation in (call, *(call.get("other_conversations") or ())):
        parts += [*_conversation(conversation, began, with_words)]
    times = [moment for part in parts for moment in (part.start, part.end)]
    times += [moment for name in ("started_at", "ended_at") if (moment := _unix(call.get(name))) is not None]
    if not times:
        return []
    told = {f"callstore.{name}": call.get(name) for name in OF_A_CALL}
    told["callstore.truncated"] = "truncated" in (call.get("flags") or ())
    fault = str(call["verdict"]) if call.get("verdict") in LOST else None
    whole = Span(CALL, None, "call", min(times), max(times), _known(told), fault=fault)
    return [whole, *parts]


def _legs(call: Mapping[str, Any]) -> Iterator[Span]:
    for leg in call.get("legs") or ():
        first, ended = _at(leg["first"]), _at(leg["ended"])
        if first is None:
            continue
        told = {
            "twilio.call_sid": leg["sid"],
            "twilio.call_status": leg["status"],
            "twilio.sip_response_code": leg["sip_code"],
            "twilio.error_code": leg["error_code"],
        }
        events = tuple(
            (str(each["status"]), at, _known({})) for each in leg["history"] if (at := _at(each)) is not None
        )
        end = max([first, ended or first, *(at for _, at, _ in events)])
        yield Span(f"leg {leg['sid']}", CALL, f"leg {leg['role']}", first, end, _known(told), events)


def _conversation(part: Mapping[str, Any], began: float | None, with_words: bool) -> Iterator[Span]:
    """The session of a conversation with its tools, and below it what was said, in seconds from `began`."""
    session = [*_session(part)]
    yield from session
    if began is not None:
        below = session[0].key if session else CALL
        yield from _turns(part, began, below, with_words)
        yield from _replies(part, began, below, with_words)


def _session(part: Mapping[str, Any]) -> Iterator[Span]:
    session = part.get("session")
    if not session:
        return
    moments = [
        at for name in ("offered", "accepted", "first", "last") if (at := _at(session[name])) is not None
    ]
    errors = [(each, at) for each in session["errors"] if (at := _at(each)) is not None]
    tools = [(each, at) for each in session["tools"] if (at := _at(each)) is not None]
    moments += [at for _, at in (*errors, *tools)]
    if not moments:
        return
    told = {
        "gen_ai.provider.name": "openai",
        "gen_ai.request.model": session["model"],
        "gen_ai.conversation.id": session["id"],
        "callstore.ai_api": session["api"],
        "callstore.ai_last_event_type": session["last_type"],
        "callstore.ai_close_code": part.get("ai_close_code"),
    }
    events = tuple(
        ("error", at, _known({"error.type": each["type"], "error.code": each["code"]})) for each, at in errors
    )
    fault = str(errors[-1][0]["code"] or errors[-1][0]["type"] or "error") if errors else None
    key = f"session {session['id']}"
    yield Span(key, CALL, "ai session", min(moments), max(moments), _known(told), events, fault)
    for each, at in tools:
        named = _known({"gen_ai.tool.name": each["name"], "gen_ai.operation.name": "execute_tool"})
        yield Span(f"tool {each['position']}", key, f"tool {each['name']}", at, at, named)


def _turns(part: Mapping[str, Any], began: float, below: str, with_words: bool) -> Iterator[Span]:
    for turn in part.get("turns") or ():
        if (start := turn["start_s"]) is not None:
            told = {
                "callstore.turn_state": turn["state"],
                "turn.text": turn["text"] if with_words else None,
            }
            end = began + max(start, turn["end_s"] or start)
            key = f"{below} turn {turn['item']}"
            yield Span(key, below, "turn caller", began + start, end, _known(told), fault=turn["failure"])


def _replies(part: Mapping[str, Any], began: float, below: str, with_words: bool) -> Iterator[Span]:
    for reply in part.get("replies") or ():
        if (start := reply["start_s"]) is not None:
            told = {
                "callstore.reply_status": reply["status"],
                "callstore.reply_reason": reply["reason"],
                "callstore.reply_cut": reply["cut"],
                "turn.text": reply["text"] if with_words else None,
            }
            end = began + max(start, reply["end_s"] or start)
            key = f"{below} reply {reply['response']}"
            yield Span(key, below, "turn agent", began + start, end, _known(told), fault=reply["error"])


def _known(told: Mapping[str, Any]) -> dict[str, Attribute]:
    return {name: value for name, value in told.items() if value is not None}


def _at(moment: Mapping[str, Any] | None) -> float | None:
    return _unix(moment["at"]) if moment else None


def _unix(written: Any) -> float | None:
    return datetime.fromisoformat(written).timestamp() if written else None
