"""The order of facts: total whoever speaks, and for those who spoke from the start what it always was."""

from dataclasses import replace

from hypothesis import given, settings
from hypothesis import strategies as st

from callstore.domain.call.fold import fold
from callstore.domain.facts.clock import Clock, Instant
from callstore.domain.facts.events import AppSaid, LegStatus
from callstore.domain.facts.order import RANKS, in_order, order_key
from callstore.domain.facts.record import Record
from tests.builders import CHILD, answered_call

FIRST_RANKS = {"twilio": 0, "openai": 1, "app": 2, "audio": 3, "operator": 4}
SOURCES = st.sampled_from([*FIRST_RANKS, "", "a carrier", "zzz"])
EVENTS = st.sampled_from([AppSaid(what="log"), LegStatus(status="completed"), LegStatus(status="ringing")])


def records(sources):
    """Records that mostly happened at the same moment, so that everything else decides."""
    return st.lists(
        st.builds(
            Record,
            position=st.integers(1, 10**6),
            source=sources,
            subject=st.sampled_from([f"twilio:{CHILD}", "openai:rtc_1", "incident:x"]),
            key=st.sampled_from("abc"),
            event=EVENTS,
            occurred=st.builds(Instant, st.sampled_from([0.0, 1.0]), st.sampled_from(Clock)),
            received_at=st.just(2.0),
            sequence=st.sampled_from([None, 0, 1]),
        ),
        max_size=12,
        unique_by=lambda record: record.position,
    )


@settings(deadline=None)
@given(records(st.sampled_from(list(FIRST_RANKS))))
def test_the_first_sources_keep_the_order_they_always_had(told):
    def first_key(record):
        sequence = -1 if record.sequence is None else record.sequence
        return (record.occurred.at, FIRST_RANKS[record.source], sequence, record.subject, record.key)

    ordered = in_order(told)
    assert sorted(ordered, key=first_key) == ordered
    assert len({first_key(record) for record in ordered}) == len(ordered)


@settings(deadline=None)
@given(records(SOURCES), st.randoms())
def test_any_source_has_its_place_whatever_order_it_came_in(told, random):
    shuffled = random.sample(told, len(told))
    assert in_order(shuffled) == in_order(told)
    assert len({order_key(record) for record in in_order(told)}) == len(in_order(told))


@settings(deadline=None)
@given(records(SOURCES), st.randoms())
def test_a_source_that_the_fold_does_not_know_is_folded_like_any_other(told, random):
    whole = [*answered_call().records, *(replace(r, position=r.position + 10**6) for r in told)]
    assert fold(random.sample(whole, len(whole))) == fold(whole)


def test_who_is_not_ranked_speaks_last():
    [one] = answered_call().records[:1]
    spoken = [replace(one, source=source) for source in ("a carrier", *RANKS)]
    assert [record.source for record in in_order(spoken)] == [*RANKS, "a carrier"]
