"""Which facts are one call: connected components over the ids that they share."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from typing import TypedDict, TypeVar

from callstore.domain.facts import ids
from callstore.domain.facts.record import Record

Node = TypeVar("Node")

# Which rule joined what: `from` is the subject of a fact that mentions `to`.
Link = TypedDict("Link", {"rule": str, "from": str, "to": str})


def components(pairs: Iterable[tuple[Node, str]]) -> list[set[Node]]:
    """The groups of nodes that are joined through ids, given (node, id) pairs, in no special order.

    Joining is transitive: a—x, b—x, b—y, c—y is one group {a, b, c}. But a SIP Call-ID is whatever the
    caller's system wrote: it joins only where at most one of those that it would join has legs.
    """
    group_of: dict[Node, set[Node]] = {}
    nodes_with: defaultdict[str, list[Node]] = defaultdict(list)
    legged: set[Node] = set()
    for node, id_ in pairs:
        group_of.setdefault(node, {node})
        nodes_with[id_].append(node)
        if ids.is_of_a_leg(id_):
            legged.add(node)
    for id_, nodes in nodes_with.items():
        if not ids.is_of_a_dialog(id_):
            _join(nodes, group_of)
    for id_ in sorted(filter(ids.is_of_a_dialog, nodes_with)):
        sides = {id(group_of[node]): group_of[node] for node in nodes_with[id_]}
        if sum(not legged.isdisjoint(side) for side in sides.values()) <= 1:
            _join(nodes_with[id_], group_of)
    return list({id(group): group for group in group_of.values()}.values())


def neighbourhoods(pairs: Iterable[tuple[Node, str]]) -> list[set[Node]]:
    """The groups of nodes that share any id, a SIP Call-ID too: one may decide how the others are parted."""
    return components((node, f"any {id_}") for node, id_ in pairs)


def _join(nodes: Sequence[Node], group_of: dict[Node, set[Node]]) -> None:
    for node in nodes[1:]:
        mine, theirs = group_of[node], group_of[nodes[0]]
        if mine is theirs:
            continue
        small, large = sorted((mine, theirs), key=len)
        large |= small
        for member in small:
            group_of[member] = large


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
