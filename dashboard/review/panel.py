"""What the review panel of a call shows: what stands, who may take it, notes, and how it came to be so."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import NamedTuple

from django.http import HttpRequest

from callstore.domain.facts.vocabulary import Vote
from callstore.people.decisions import tags_in_use
from callstore.people.models import Decision
from callstore.people.review import Change, Review, Standing
from callstore.people.who import name as actor
from callstore.projection import queries
from callstore.projection.review import decisions
from callstore.projection.review.precision import Precision, precision_of
from callstore.report.document import Document
from callstore.report.document_parts import NotePart
from dashboard.review.access import assignees, may_decide
from dashboard.review.looks import LOOKS, STATES, StateLook

MOST_OFFERED = 60  # tags


DONE: dict[Vote, str] = {
    "agrees": "You agree.",
    "disagrees": "You disagree.",
    "withdrawn": "Your vote is taken back.",
}


class Step(NamedTuple):
    """A line of the history."""

    at: datetime
    by: str
    says: str
    many: int | None  # calls that were changed together


@dataclass(frozen=True, slots=True)
class Tried:
    """What somebody tried and could not: the message, and what was typed, so that nothing is lost."""

    wrong: str
    standing: Standing | None = None
    text: str = ""
    at: str = ""


@dataclass(frozen=True, slots=True)
class Panel:
    """Everything the panel prints."""

    call: Document
    may: bool
    review: Review
    look: StateLook
    typed: Standing
    mine: str | None
    precision: Precision
    people: Sequence[str]
    offered: Sequence[str]
    notes: Sequence[NotePart]
    history: Sequence[Step]
    states: Sequence[tuple[str, str]]
    said: str = ""
    tried: Tried | None = None


def panel(request: HttpRequest, call: Document, said: str = "", tried: Tried | None = None) -> Panel | None:
    """The panel of a call; None where it is not there any more."""
    found = decisions.find(call["call_id"])
    if found is None:
        return None
    stands = found.review.standing
    people = assignees()
    return Panel(
        call=call,
        may=may_decide(request),
        review=found.review,
        look=LOOKS[stands.state],
        typed=(tried and tried.standing) or stands,
        mine=found.review.vote_of(actor(request), found.verdict),
        precision=precision_of(found.verdict),
        people=people if stands.assignee in (None, *people) else [*people, stands.assignee or ""],
        offered=tags_in_use(MOST_OFFERED),
        notes=queries.notes(call),
        history=[_step(each) for each in reversed(found.history)],
        states=STATES,
        said=said,
        tried=tried,
    )


def overtaken(now: Review) -> str:
    """That somebody else decided meanwhile, for who wanted to."""
    look = LOOKS[now.standing.state].word
    ago = round((datetime.now(UTC) - now.last_at).total_seconds()) if now.last_at else 0
    whose = f", assigned to {now.standing.assignee}" if now.standing.assignee else ""
    changed = f"Changed by {now.last_by} {max(ago, 0)} s ago: it is {look}{whose}."
    return f"{changed} Yours is not saved yet: look, and save again."


def saved(change: Change) -> str:
    """What was done, for who did it."""
    if change.vote:
        return {
            "agrees": "You agree.",
            "disagrees": "You disagree.",
            "withdrawn": "Your vote is taken back.",
        }[change.vote]
    return "Saved."


def _step(decision: Decision) -> Step:
    says = "; ".join(_changes(decision)) or "nothing"
    return Step(decision.at, decision.by, says, decision.bulk.calls if decision.bulk else None)


def _changes(decision: Decision) -> Iterator[str]:
    if decision.state != decision.was_state:
        yield f"{_word(decision.was_state)} → {_word(decision.state)}"
    if decision.assignee != decision.was_assignee:
        yield f"assigned to {decision.assignee}" if decision.assignee else "assigned to nobody"
    yield from (f"+ {tag}" for tag in decision.tags if tag not in decision.was_tags)
    yield from (f"− {tag}" for tag in decision.was_tags if tag not in decision.tags)
    if decision.vote == "withdrawn":
        yield "took the vote back"
    elif decision.vote:
        yield f"{decision.vote} with {(decision.verdict or 'no verdict').replace('_', ' ')}"


def _word(state: str) -> str:
    return next((look.word for name, look in LOOKS.items() if name == state), state)
