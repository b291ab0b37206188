"""What an alert may ask for: its kinds, its bounds, and the check of what somebody wrote."""

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import NamedTuple

from callstore.alerts import targets as known_targets
from callstore.health.sources import sources
from callstore.search.compile import where
from callstore.search.errors import QueryError

KINDS = ("count", "share", "silence")
MINUTE, DAY = 60, 86_400
SHORTEST_S, LONGEST_S = 5 * MINUTE, DAY  # of a window: below, a recording's finding comes too late for it
LONGEST_QUIET_S = 7 * DAY
LONGEST_NAME, LONGEST_QUERY, MOST_TARGETS = 80, 2000, 10


class Terms(NamedTuple):
    """What an alert asks: durations in seconds, a share's threshold between 0 and 1.

    A silence is of one source, or of any, and asks neither a query nor a window.
    """

    name: str
    q: str = ""
    source: str = ""
    kind: str = "count"
    threshold: float = 1
    least: int = 20
    window_s: int = 15 * MINUTE
    quiet_s: int = 60 * MINUTE
    targets: Sequence[str] = ()
    enabled: bool = True


class TermError(ValueError):
    """A term that no alert may have: which one, and why; `query` is what is wrong with a query, and where."""

    def __init__(self, term: str, message: str, query: QueryError | None = None) -> None:
        super().__init__(f"{term}: {message}")
        self.term, self.message, self.query = term, message, query


def checked(terms: Terms) -> Terms:
    """The terms as they are kept: one line of a name, targets that are known. Raises TermError."""
    name = " ".join(terms.name.replace("\0", "").split())
    _expect("name", 0 < len(name) <= LONGEST_NAME, f"1 to {LONGEST_NAME} characters.")
    _check_query(terms.q)
    known = {"", *(each.source for each in sources())} if terms.source else {""}
    _expect("source", terms.source in known, f"one of {', '.join(sorted(known - {''}))}, or none for any.")
    _expect("kind", terms.kind in KINDS, f"one of {', '.join(KINDS)}.")
    if terms.kind == "share":
        _expect("threshold", 0 < terms.threshold <= 1, "a share above 0 and at most 1.")
    else:
        whole = terms.threshold >= 1 and terms.threshold == int(terms.threshold)
        _expect("threshold", whole and terms.threshold <= 1_000_000, "a whole number of calls from 1.")
    _expect("least", 1 <= terms.least <= 1_000_000, "a whole number of calls from 1.")
    _expect("window", SHORTEST_S <= terms.window_s <= LONGEST_S, "5 minutes to 24 hours.")
    _expect("quiet", 0 <= terms.quiet_s <= LONGEST_QUIET_S, "0 minutes to 7 days.")
    _expect("targets", len(terms.targets) <= MOST_TARGETS, f"at most {MOST_TARGETS}.")
    try:
        kept = [known_targets.kept(target) for target in terms.targets]
    except ValueError as error:
        raise TermError("targets", str(error)) from None
    return terms._replace(name=name, targets=list(dict.fromkeys(kept)))


def _check_query(text: str) -> None:
    _expect("q", len(text) <= LONGEST_QUERY, f"at most {LONGEST_QUERY} characters.")
    try:
        where(text.replace("\0", ""), datetime.now(UTC))
    except QueryError as error:
        raise TermError("q", error.message, error) from None


def _expect(term: str, met: bool, wanted: str) -> None:
    if not met:
        raise TermError(term, wanted)
