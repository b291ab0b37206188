"""What people made of a call, folded from their decisions: the state that stands, whose it is, the votes."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple, cast

from callstore.domain.facts.vocabulary import CALL_FLAGS, CONCLUDED, ReviewState, Vote
from callstore.people.models import Decision

MOST_TAGS, LONGEST_TAG = 20, 40
SUSPECTED = frozenset({"truncated", "suspicious"})


class BadChange(ValueError):
    """A change that cannot be made; the message says which part of it, and why."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """What somebody wants changed; None leaves a thing as it is, and the assignee "" is nobody."""

    state: ReviewState | None = None
    assignee: str | None = None
    tags: tuple[str, ...] | None = None
    tags_add: tuple[str, ...] = ()
    tags_remove: tuple[str, ...] = ()
    vote: Vote | None = None

    @property
    def decides(self) -> bool:
        """Whether anything but a vote is asked for."""
        kinds = (self.state, self.assignee, self.tags)
        return any(kind is not None for kind in kinds) or bool(self.tags_add or self.tags_remove)


class Standing(NamedTuple):
    """What stands of a call."""

    state: ReviewState = "new"
    assignee: str | None = None
    tags: tuple[str, ...] = ()

    def after(self, change: Change) -> "Standing":
        """What stands once the change is made. Raises BadChange."""
        tags = [*(self.tags if change.tags is None else change.tags), *change.tags_add]
        left = tuple(dict.fromkeys(tag for tag in map(clean, tags) if tag not in change.tags_remove))
        if len(left) > MOST_TAGS:
            raise BadChange(f"A call has at most {MOST_TAGS} tags; these would be {len(left)}.")
        assignee = self.assignee if change.assignee is None else change.assignee or None
        return Standing(change.state or self.state, assignee, left)


UNTOUCHED = Standing()


class Votes(NamedTuple):
    """How many people agree with a verdict, and how many do not."""

    agreed: int
    disagreed: int


@dataclass(frozen=True, slots=True)
class Review:
    """A call's review. `version` grows with each decision: 0 where nobody decided anything."""

    standing: Standing = UNTOUCHED
    reviewer: str | None = None
    version: int = 0
    last_by: str | None = None
    last_at: datetime | None = None
    voted: Mapping[str, tuple[Vote, str | None]] | None = None  # by person: the vote, and on which verdict
    exported: bool = False

    def votes(self, verdict: str | None) -> Votes:
        """The votes on this verdict; those on another, which the call had before, say nothing of it."""
        cast_ = [vote for vote, on in (self.voted or {}).values() if on == verdict]
        return Votes(cast_.count("agrees"), cast_.count("disagrees"))

    def vote_of(self, person: str, verdict: str | None) -> Vote | None:
        """How this person voted on this verdict."""
        vote, on = (self.voted or {}).get(person, (None, None))
        return None if vote == "withdrawn" or on != verdict else vote

    def flags(self, of_call: Iterable[str], verdict: str | None) -> list[str]:
        """The flags of a call: its own, then those that people gave it."""
        own = [flag for flag in of_call if flag in CALL_FLAGS]
        votes = self.votes(verdict)
        cleared = self.standing.state == "not_suspicious" or votes.disagreed > votes.agreed
        holds = {
            "reviewed": self.standing.state in CONCLUDED,
            "false_positive": cleared and not SUSPECTED.isdisjoint(own),
            "exported": self.exported,
        }
        return [*own, *(flag for flag, true in holds.items() if true)]


def review(decisions: Sequence[Decision], *, exported: bool = False) -> Review:
    """What these decisions, oldest first, add up to. The last of several traces' decisions stands."""
    if not decisions:
        return Review(exported=exported)
    last = decisions[-1]
    changed = [each.by for each in decisions if each.state != each.was_state]
    voted = {each.by: (cast(Vote, each.vote), each.verdict) for each in decisions if each.vote}
    state = cast(ReviewState, last.state)
    standing = Standing(state, last.assignee, tuple(last.tags))
    return Review(standing, changed[-1] if changed else None, last.pk, last.by, last.at, voted, exported)


def clean(tag: str) -> str:
    """A tag as it is kept, without spaces around it. Raises BadChange."""
    tag = " ".join(tag.split())
    if not tag or not tag.isprintable() or "," in tag:
        raise BadChange("A tag is a word or some, without a comma.")
    if len(tag) > LONGEST_TAG:
        raise BadChange(f"A tag has at most {LONGEST_TAG} characters.")
    return tag
