"""A call as one document (docs/fields.md): the stable fields flat, then the parts that a page draws.

Whatever stores, exports, searches, lists or documents a field asks `stable_fields`.
"""

from functools import cache
from types import NoneType, UnionType
from typing import Any, Literal, NamedTuple, TypedDict, Union, get_args, get_origin, get_type_hints

from callstore.domain.call.linking import Link
from callstore.domain.facts.vocabulary import Actor, Cause, Confidence, VerdictWord
from callstore.report.document_judgement import (
    AnomalyPart,
    FindingPart,
    GapPart,
    HeardPart,
    JudgementPart,
    NumbersPart,
)
from callstore.report.document_parts import (
    AskPart,
    LegPart,
    MediaNotePart,
    NotePart,
    ReplyPart,
    SessionPart,
    StatementPart,
    TurnPart,
    UtterancePart,
    WarningPart,
)
from callstore.report.document_sound import RecordingPart
from callstore.report.sources.asked import BackfillPart
from callstore.report.stable import groups as group
from callstore.report.stable.field import Field, Unit
from callstore.report.topology.parts import ConferencePart, StreamPart


class Fields(
    group.Identity, group.Parties, group.Legs, group.Keys, group.Ai, group.Speech, group.Transcripts,
    group.Judgement, group.Acts, group.States, group.Log, group.Rules, group.Conversation, group.Setting,
):  # fmt: skip
    """The stable fields that follow from the facts of a call."""


class ConversationPart(group.Transcripts):
    """A conversation of the call that did not decide, with what it would be judged to be by itself.

    The verdict is None of a session that was offered and of which nothing else is known.
    """

    child_call_sid: str | None
    ai_call_id: str | None
    start_s: float | None
    end_s: float | None
    verdict: VerdictWord | None
    cause: Cause | None
    confidence: Confidence | None
    ended_first_by: Actor | None
    truncated: bool
    says: str
    session: SessionPart | None
    turns: list[TurnPart]
    replies: list[ReplyPart]


class Parts(TypedDict):
    """What is drawn beside them."""

    app_clock_ahead_s: float
    legs: list[LegPart]
    flow: list[AskPart]
    conferences: list[ConferencePart]
    streams: list[StreamPart]
    session: SessionPart | None
    turns: list[TurnPart]
    replies: list[ReplyPart]
    heard_by_ai: HeardPart | None
    other_conversations: list[ConversationPart]
    recordings: list[RecordingPart]
    gaps: list[GapPart]
    conversation: NumbersPart | None
    second_words: list[UtterancePart]
    languages: list[str]  # in which Twilio's transcription wrote, and the AI's was told to
    ingest_lag_p95_ms: int | None  # from a provider's stamp to the arrival, of prompt facts
    warnings: list[WarningPart]
    media_notes: list[MediaNotePart]
    said: list[StatementPart]
    notes: list[NotePart]
    findings: list[FindingPart]
    judgement: JudgementPart
    anomalies: list[AnomalyPart]
    backfill: BackfillPart
    erased_at: str | None


class Report(Fields, Parts):
    """What the facts of a call give."""


class StoredDocument(group.CallId, Report):
    """A report as it is stored: under our id, with what joined its facts to one call."""

    links: list[Link]


class Document(StoredDocument, group.Review):
    """The same as it is read: with what people decided."""


class StableField(NamedTuple):
    """A stable field as it is written in the document: `type` is that of a value that is known."""

    name: str
    type: Any
    nullable: bool
    field: Field

    @property
    def unit(self) -> Unit:
        return self.field.unit

    @property
    def column(self) -> str:
        """Its name as a column."""
        return self.field.column or self.name

    @property
    def plain(self) -> type[object]:
        """What JSON makes of a value: str, int, float, bool or list."""
        origin = get_origin(self.type)
        kind: type[object] = str if origin is Literal else origin or self.type
        return kind

    @property
    def words(self) -> tuple[str, ...]:
        """All words that it, or an entry of its list, can be; () where the list is not closed."""
        entry = get_args(self.type)[0] if self.plain is list else self.type
        return get_args(entry) if get_origin(entry) is Literal else ()


@cache
def stable_fields() -> dict[str, StableField]:
    """Every stable field by its name, in the order of docs/fields.md."""
    hints = [hint for each in group.ALL for hint in get_type_hints(each, include_extras=True).items()]
    return {name: _stable(name, *get_args(hint)) for name, hint in hints if _described(hint)}


def _described(hint: Any) -> bool:
    return any(isinstance(note, Field) for note in getattr(hint, "__metadata__", ()))


def _stable(name: str, written: Any, field: Field) -> StableField:
    if get_origin(written) not in (Union, UnionType):
        return StableField(name, written, False, field)
    [known] = [each for each in get_args(written) if each is not NoneType]
    return StableField(name, known, True, field)
