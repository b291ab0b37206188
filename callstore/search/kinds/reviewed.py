"""What people decided, as conditions: `review:`, `assignee:` and `tag:`.

Few of all calls were decided about, and their indexes hold no others: each condition says so for the planner.
"""

from datetime import datetime

from callstore.domain.facts.vocabulary import CONCLUDED, REVIEW_STATES
from callstore.search.conditions import Condition, Where, joined
from callstore.search.errors import QueryError
from callstore.search.keys import Key
from callstore.search.patterns import like
from callstore.search.tree import Anything, Filter, Literal
from callstore.search.values import chosen, plain
from callstore.search.who_asks import WHO_ASKS

OPEN = "open"  # whatever nobody came to an end with
ONE = "tags <> '{}' AND tags @> %s::text[]"
LIKE = "tags <> '{}' AND EXISTS (SELECT FROM unnest(tags) AS tag WHERE tag ILIKE %s)"


def state(name: str, key: Key, term: Filter, now: datetime) -> Where:
    if isinstance(term.value, Anything):
        return Where("review_state IS NOT NULL", [])
    words = chosen(name, key, term)
    wanted = {word for word in words if word != OPEN}
    wanted |= set(REVIEW_STATES) - CONCLUDED if OPEN in words else set()
    return Where("review_state = ANY(%s)", [sorted(wanted)]) if len(wanted) > 1 else _is(*wanted)


def assignee(name: str, key: Key, term: Filter, now: datetime) -> Where:
    if isinstance(term.value, Anything):
        return Where("assignee IS NOT NULL", [])
    return joined("OR", [_assigned(literal) for literal in plain(name, term)])


def tag(name: str, key: Key, term: Filter, now: datetime) -> Where:
    if isinstance(term.value, Anything):
        return Where("tags <> '{}'", [])
    return joined("OR", [_tagged(literal) for literal in plain(name, term)])


def _is(word: str) -> Where:
    return Where("review_state = %s", [word])


def _assigned(literal: Literal) -> Where:
    if literal.text != "me" or literal.quoted:
        return Where("assignee ILIKE %s", [like(literal)])
    if not (me := WHO_ASKS.get()()):
        raise QueryError("assignee:me is whoever is logged in; a token is nobody.", *literal.place)
    return Where("assignee = %s", [me])


def _tagged(literal: Literal) -> Where:
    if "*" in literal.text and not literal.quoted:
        return Where(LIKE, [like(literal)])
    return Where(ONE, [[literal.text]])


REVIEWED: dict[str, Condition] = {"review": state, "assignee": assignee, "tag": tag}
