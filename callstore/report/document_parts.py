"""The parts of a call's document, as JSON holds them: what a page draws beside the stable fields.

Seconds named `*_s` count from the call's start, `positions` are places in the log, None is not known.
"""

from typing import TypedDict

from callstore.domain.facts.vocabulary import (
    AiApi,
    AskKind,
    LegRole,
    Speaker,
    StatementKind,
    TurnState,
    WarningLevel,
)  # fmt: skip


class Placed(TypedDict):
    """Somewhere in the `precision_ms` after `at_s`; None lies on no axis."""

    at_s: float | None
    precision_ms: int


class Stamp(Placed):
    """The same with its time of day."""

    at: str


class Witness(Stamp):
    """The same with the positions that say so."""

    positions: list[int]


class Moment(Stamp):
    """A moment by the clock that stamped it, and the one position that says so."""

    clock: str
    position: int


class StatusMoment(Moment):
    status: str


Ends = TypedDict("Ends", {"from": str | None, "to": str | None})


class LegPart(Ends):
    """A leg at Twilio; `history` in the order of its life."""

    sid: str
    role: LegRole
    parent: str | None
    direction: str | None
    status: str | None
    sip_code: int | None
    error_code: str | None
    duration_s: int | None
    disconnected_by: str | None
    answered_by: str | None
    first: Moment | None
    answered: Moment | None
    ended: Moment | None
    end_inferred: bool
    history: list[StatusMoment]


class AskPart(TypedDict):
    """What Twilio asked and what we answered; `status` is the leg's at that moment."""

    kind: AskKind
    path: str
    leg: str
    status: str | None
    digits: str | None
    child: str | None
    dial_status: str | None
    verbs: list[str] | None
    asked: Moment | None
    answered: Moment | None


class ConnectionPart(TypedDict):
    """An observer's socket; `received` and `sent` are the codes of the close frames."""

    id: str
    opened: Moment | None
    http_status: int | None
    closed: Moment | None
    code: int | None
    reason: str | None
    received: int | None
    sent: int | None


class ApiCallPart(Moment):
    action: str
    status: int | None


class ToolPart(Moment):
    name: str


class ErrorPart(Moment):
    type: str | None
    code: str | None
    message: str | None


class SessionPart(TypedDict):
    """The AI session: its clock, its sockets, its errors; when Live was given silence."""

    id: str
    api: AiApi
    session_id: str | None
    model: str | None
    turn_detection: str | None
    transcription: str | None
    frames: int
    offered: Moment | None
    accepted: Moment | None
    first: Moment | None
    last: Moment | None
    last_type: str | None
    audio_zero_s: float | None
    audio_zero_spread_s: float
    billed_s: float | None
    input_held: list[list[float | None]]
    connections: list[ConnectionPart]
    api_calls: list[ApiCallPart]
    tools: list[ToolPart]
    errors: list[ErrorPart]


class TurnPart(TypedDict):
    """A turn of the caller as the AI heard it."""

    item: str
    start_s: float | None
    end_s: float | None
    text: str | None
    state: TurnState
    failure: str | None
    positions: list[int]


class ReplyPart(TypedDict):
    """A reply of the agent; `status` and `reason` are OpenAI's words, `audio_s` the length of its sound."""

    response: str
    text: str | None
    start_s: float | None
    end_s: float | None
    audio_s: float | None
    status: str | None
    reason: str | None
    cut: bool
    error: str | None
    positions: list[int]


class UtterancePart(TypedDict):
    """Words that other ears than the AI's wrote down; `source` says whose."""

    at: str
    start_s: float | None
    end_s: float | None
    text: str | None
    speaker: Speaker
    track: str
    source: str
    final: bool
    spread_s: float
    positions: list[int]


class WarningPart(Witness):
    leg: str
    level: WarningLevel
    code: str
    message: str | None


class MediaNotePart(Witness):
    """What Voice Insights noted of a leg's media, in its words."""

    leg: str
    name: str
    group: str | None
    level: str | None
    edge: str | None


class NotePart(Placed):
    """A note that somebody wrote; without `at_s` about the call as a whole, without text erased."""

    by: str
    written_at: str
    text: str | None
    positions: list[int]


class StatementPart(Witness):
    what: StatementKind
    level: str | None
    message: str | None
