"""The one order in which facts are folded. It knows nothing of arrival: not position, not receipt."""

from collections.abc import Sequence

from callstore.domain.facts.record import AUDIO, OPERATOR, Record

# On equal moments the one who owns the leg speaks before those who heard of it. The order of a fact must
# never depend on what is installed where it is folded, so the ranks stand here and not with the providers;
# who is not named here speaks last, among others by name.
RANKS = {"twilio": 0, "openai": 1, "app": 2, AUDIO: 3, OPERATOR: 4}


def order_key(record: Record) -> tuple[float, int, str, int, str, str]:
    """When it happened, who said so, the sender's own number, then ids: total, and stable for ever."""
    source = record.source
    sequence = -1 if record.sequence is None else record.sequence
    rank = RANKS.get(source, len(RANKS))
    return (record.occurred.at, rank, source, sequence, record.subject, record.key)


def in_order(records: Sequence[Record]) -> list[Record]:
    """The facts in fold order, each once, whatever order and however often they came.

    Of two records of one fact the smaller position stays, so that evidence points at the first copy.
    """
    facts: dict[tuple[str, str, str], Record] = {}
    for record in records:
        identity = (record.subject, record.source, record.key)
        kept = facts.get(identity)
        if kept is None or record.position < kept.position:
            facts[identity] = record
    return sorted(facts.values(), key=order_key)
