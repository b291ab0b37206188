"""The shapes of decisions: what is asked for, what stands then, and what was decided before."""

from datetime import datetime
from typing import Annotated, Any
from uuid import UUID

from ninja import Field, Schema

from callstore.domain.facts.vocabulary import ReviewState, Vote
from callstore.people.models import Decision
from callstore.people.review import LONGEST_TAG, MOST_TAGS, Change
from callstore.projection.review.decisions import Reviewed
from dashboard.review.access import assignee
from dashboard.review.noting import LONGEST

MOST_IDS = 1_000
Tags = Annotated[list[Annotated[str, Field(max_length=2 * LONGEST_TAG)]], Field(max_length=2 * MOST_TAGS)]
Login = Annotated[str, Field(max_length=150)]


class ReviewChange(Schema):
    """What to change; what is left out stays. `assignee` null is nobody, `agrees` null takes a vote back."""

    state: ReviewState | None = None
    assignee: Login | None = Field(None, description="A login, or `me`")
    tags: Tags | None = Field(None, description=f"All tags it shall have, {MOST_TAGS} at most")
    agrees: bool | None = Field(None, description="With the verdict that the call has now")
    version: int | None = Field(
        None,
        ge=0,
        lt=2**63,
        description="The `version` that was seen: 409 where somebody else decided since",
    )

    def change(self, me: str) -> Change:
        """The same as a change; `me` is who asks. Raises people.review.BadChange."""
        vote: Vote | None = None
        if "agrees" in self.model_fields_set:
            vote = "withdrawn" if self.agrees is None else "agrees" if self.agrees else "disagrees"
        named = "assignee" in self.model_fields_set
        return Change(
            state=self.state,
            assignee=assignee(self.assignee or "", me) if named else None,
            tags=None if self.tags is None else tuple(self.tags),
            vote=vote,
        )


class BulkAction(Schema):
    """What to change in each of the calls; what is left out stays. `assignee` null is nobody."""

    state: ReviewState | None = None
    assignee: Login | None = Field(None, description="A login, or `me`")
    tags: Tags | None = Field(None, description=f"All tags that each shall have, {MOST_TAGS} at most")
    tags_add: Tags = []
    tags_remove: Tags = []

    def change(self, me: str) -> Change:
        """The same as a change; `me` is who asks. Raises people.review.BadChange."""
        named = "assignee" in self.model_fields_set
        return Change(
            state=self.state,
            assignee=assignee(self.assignee or "", me) if named else None,
            tags=None if self.tags is None else tuple(self.tags),
            tags_add=tuple(self.tags_add),
            tags_remove=tuple(self.tags_remove),
        )


class BulkChange(Schema):
    """An act upon many calls: those of `ids`, any ids of theirs, or all that the query `q` finds now."""

    q: str | None = None
    ids: Annotated[list[Annotated[str, Field(max_length=300)]], Field(max_length=MOST_IDS)] | None = None
    action: BulkAction


class BulkDone(Schema):
    """So many calls it was upon, `changed` of them by it. `id` stands in their histories."""

    id: int
    count: int
    changed: int
    unknown: list[str] = Field(description="Ids that no call has")


class Stands(Schema):
    """What stands of a call."""

    state: ReviewState
    assignee: str | None
    tags: list[str]


class ReviewNow(Stands):
    """A call's review. `agreed` and `disagreed` count the votes on `verdict`, `agrees` is your own."""

    call_id: UUID
    reviewer: str | None = Field(description="Who last changed the state")
    version: int
    verdict: str | None
    agreed: int
    disagreed: int
    agrees: bool | None


class DecisionMade(Schema):
    """A decision: what stood before and since, and a vote with the verdict that it was about."""

    at: datetime
    by: str
    was: Stands
    became: Stands
    vote: Vote | None
    verdict: str | None
    bulk: int | None = Field(description="The act upon many calls that it was part of")


class NoteToWrite(Schema):
    """A note, about a second of the call (from started_at) or, without one, about the call as a whole."""

    text: str = Field(min_length=1, max_length=2 * LONGEST)
    at_s: Annotated[float, Field(allow_inf_nan=False)] | None = None


class Note(Schema):
    """A note as it was written; the text of an erased call's is null."""

    at_s: float | None
    by: str
    written_at: datetime
    text: str | None
    positions: list[int]


class Notes(Schema):
    """A call's notes, oldest first."""

    items: list[Note]


class ReviewHistory(ReviewNow):
    """The same with every decision, oldest first."""

    history: list[DecisionMade]


def review_now(of: Reviewed, me: str) -> dict[str, Any]:
    """A review as ReviewNow."""
    stands, votes, mine = of.review.standing, of.review.votes(of.verdict), of.review.vote_of(me, of.verdict)
    return {
        "call_id": of.call_id,
        "state": stands.state,
        "assignee": stands.assignee,
        "tags": list(stands.tags),
        "reviewer": of.review.reviewer,
        "version": of.review.version,
        "verdict": of.verdict,
        "agreed": votes.agreed,
        "disagreed": votes.disagreed,
        "agrees": None if mine is None else mine == "agrees",
    }


def decision_made(decision: Decision) -> dict[str, Any]:
    """A decision as DecisionMade."""
    return {
        "at": decision.at,
        "by": decision.by,
        "was": {
            "state": decision.was_state, "assignee": decision.was_assignee, "tags": decision.was_tags,
        },
        "became": {"state": decision.state, "assignee": decision.assignee, "tags": decision.tags},
        "vote": decision.vote,
        "verdict": decision.verdict,
        "bulk": decision.bulk_id,
    }  # fmt: skip
