"""What an examination is given and what it may say. Every module of `doctor.examinations` is one.

A module has `SEVERITY`, `TITLE` and `examine`, which gives a symptom where there is one. It is pure.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Literal, NamedTuple, TypeAlias, TypedDict

from callstore.domain.analysis.finish_tools import USUAL_TOOLS, FinishTools
from callstore.domain.analysis.meeting.topology import topology
from callstore.domain.call.call import Leg
from callstore.domain.call.observation import Observation
from callstore.domain.facts.record import AUDIO, OPERATOR, Record
from callstore.findings.rule import Case, modules_in
from callstore.health.refusals import Refusal

# `fault`: something is done wrongly, or what everything rests on is not told. `missing`: a witness that would
# say more is not there; that may be meant.
Severity: TypeAlias = Literal["fault", "missing"]
MOST_EVENTS = 10  # that a symptom names, the newest
JUST_S = 2.0  # most callbacks come within a second
CALLBACK_S = 60.0  # Twilio's retries end within 15 s; what has not come by then does not come


class ExaminedCall(NamedTuple):
    """A call of the sample: its id, what it adds up to, and its facts in no order."""

    id: str
    case: Case
    records: Sequence[Record]

    @property
    def ended_at(self) -> float | None:
        """When its last leg ended, or where none is known its session closed, in Unix seconds."""
        call, ending = self.case.call, self.case.ending
        ends = [leg.ended.at.at for leg in (call.parent, call.child) if leg and leg.ended]
        return max(ends, default=ending.end.at.at if ending.end else None)

    @property
    def talked(self) -> bool:
        """Whether its AI leg was answered, its media streamed, or, with no leg known, a session accepted."""
        call, session = self.case.call, self.case.call.session
        if call.child or call.parent:
            answered = call.child is not None and call.child.was_answered
            return answered or bool(call.streams) or bool(session and session.frames)
        return bool(session and session.accepted)

    @property
    def is_to_the_ai(self) -> bool:
        """Whether something says that it is no person who was dialled: a session, a SIP address, a stream."""
        call = self.case.call
        dialled = call.child.called if call.child else None
        return bool(call.sessions or call.streams or (dialled or "").startswith(("sip:", "sips:")))

    @property
    def has_callbacks(self) -> bool:
        """Whether Twilio would tell of its legs as they go on: of a trunk's it does not, nor of old calls."""
        return self.came_by_itself and topology(self.case.call) != "elastic_trunk"

    @property
    def came_by_itself(self) -> bool:
        """Whether anything of it was delivered: a call of before callstore may be asked for as a whole."""
        return any(not (r.backfilled or r.source in (AUDIO, OPERATOR)) for r in self.records)


class Setup(NamedTuple):
    """The settings, and what the doors refused, as far as an examination asks. `now` is in Unix seconds."""

    now: float
    public_base_url: str = ""
    openai_base_url: str = "https://api.openai.com/v1"
    finish_tools: FinishTools = USUAL_TOOLS
    refusals: tuple[Refusal, ...] = ()

    def url(self, path: str) -> str:
        """Where a provider reaches this path."""
        return f"{self.public_base_url or 'https://PUBLIC_BASE_URL'}{path}"


class Sample(NamedTuple):
    """The calls that were looked at, the newest first, and the set-up that they came through."""

    calls: Sequence[ExaminedCall]
    setup: Setup

    def over(self, for_s: float) -> list[ExaminedCall]:
        """The calls that ended so long ago that nothing of that age can still be on its way."""
        return [c for c in self.calls if c.ended_at is not None and c.ended_at <= self.setup.now - for_s]

    def told(self, within_s: float = CALLBACK_S) -> list[ExaminedCall]:
        """The calls whose callbacks have come, if they come at all.

        Where no call is that old, those that have just ended: whoever made his first call wants to know.
        """
        return self.over(within_s) or self.over(JUST_S)


class Evidence(NamedTuple):
    """A place in the log, and the call that it belongs to."""

    position: int
    call: str


class Symptom(NamedTuple):
    """Why something is wrong, the events that show it, and the text that sets it right, to be pasted."""

    why: str
    events: tuple[Evidence, ...]
    paste: str


@dataclass(frozen=True, slots=True)
class Diagnosis:
    """A symptom with the key, the severity and the title of the examination that found it."""

    key: str
    severity: Severity
    title: str
    symptom: Symptom


class EvidenceJson(TypedDict):
    position: int
    call: str


class DiagnosisJson(TypedDict):
    key: str
    severity: Severity
    title: str
    why: str
    events: list[EvidenceJson]
    paste: str


def diagnoses(sample: Sample) -> Iterator[Diagnosis]:
    """What the examinations find in a sample, faults first."""
    found = [
        Diagnosis(key, module.SEVERITY, module.TITLE, symptom)
        for key, module in modules_in("callstore.doctor.examinations").items()
        if (symptom := module.examine(sample))
    ]
    yield from sorted(found, key=lambda diagnosis: diagnosis.severity != "fault")


def as_json(diagnosis: Diagnosis) -> DiagnosisJson:
    """A diagnosis as docs/doctor.md has it."""
    why, events, paste = diagnosis.symptom
    return {
        "key": diagnosis.key,
        "severity": diagnosis.severity,
        "title": diagnosis.title,
        "why": why,
        "events": [{"position": position, "call": call} for position, call in events],
        "paste": paste,
    }


def seen_in(call: ExaminedCall, *seen: Observation | None) -> list[Evidence]:
    """Where the log says so."""
    return [Evidence(position, call.id) for position in dict.fromkeys(s.position for s in seen if s)]


def told_of(call: ExaminedCall, leg: Leg | None) -> list[Evidence]:
    """The first and the last that is known of a leg; of a leg that nobody told of, the call's first fact."""
    known = seen_in(call, leg.first, leg.ended) if leg else []
    first = call.case.call.first_position
    return known or ([Evidence(first, call.id)] if first is not None else [])


def most(events: Iterable[Evidence]) -> tuple[Evidence, ...]:
    """So many of them as a reader looks at."""
    return tuple(dict.fromkeys(events))[:MOST_EVENTS]


def counted(some: int, whole: int) -> str:
    """`In 3 of 12 calls`."""
    return f"In {some} of {whole} calls"


def mostly(some: int, whole: int) -> bool:
    """Whether it is the set-up: a callback that was lost on its way is missing in few calls."""
    return some > 0 and some * 2 >= whole
