"""Which facts are one call: connected components over the ids that they share."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from typing import TypedDict, TypeVar

from callstore.domain.facts.record import Record

Node = TypeVar("Node")

# Which rule joined what: `from` is the subject of a fact that mentions `to`.
Link = TypedDict("Link", {"rule": str, "from": str, "to": str})


def components(pairs: Iterable[tuple[Node, str]]) -> list[set[Node]]:
    """The groups of nodes that are joined through ids, given (node, id) pairs, in no special order.

    Joining is transitive: a—x, b—x, b—y, c—y is one group {a, b, c}.
    """
    group_of: dict[Node, set[Node]] = {}
    first_with: dict[str, Node] = {}
    for node, id_ in pairs:
        mine = group_of.setdefault(node, {node})
        theirs = group_of[first_with.setdefault(id_, node)]
        if mine is theirs:
            continue
        small, large = sorted((mine, theirs), key=len)
        large |= small
        for member in small:
            group_of[member] = large
    return list({id(group): group for group in group_of.values()}.values())


def links(records: Sequence[Record]) -> list[Link]:
    """Which rule joined what in one call: [{rule, from, to}], each once, sorted.

    `from` is the subject of the fact that mentions `to`. An id that nothing else in the call is about
    or mentions has joined nothing and is left out.
    """
    found = {(ref.rule, r.subject, ref.id) for r in records for ref in r.refs if ref.id != r.subject}
    sharers: defaultdict[str, set[str]] = defaultdict(set)
    for record in records:
        sharers[record.subject].add(record.subject)
    for _, subject, mentioned in found:
        sharers[mentioned].add(subject)
    return [
        {"rule": rule, "from": subject, "to": mentioned}
        for rule, subject, mentioned in sorted(found)
        if len(sharers[mentioned]) > 1
    ]
