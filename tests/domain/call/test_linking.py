from itertools import combinations

from hypothesis import given
from hypothesis import strategies as st

from callstore.domain.call.linking import components, links
from callstore.domain.facts.clock import Clock, Instant
from callstore.domain.facts.events import Unrecognised
from callstore.domain.facts.record import Record, Ref

IDS = "abcdefghij"
SHARED = ["twilio:CA1", "twilio:CA2", "twilio:CA3", "openai:rtc_1", "sip:1", "sip:2"]
LEGS_AND_DIALOGS = st.lists(st.tuples(st.integers(0, 8), st.sampled_from(SHARED)), max_size=20)
PAIRS = st.lists(st.tuples(st.integers(0, 12), st.sampled_from(IDS)), max_size=30)


def record(subject: str, *refs: Ref) -> Record:
    return Record(
        position=1,
        source="twilio",
        subject=subject,
        key="k",
        event=Unrecognised(note=""),
        occurred=Instant(0.0, Clock.PROVIDER),
        received_at=0.0,
        refs=refs,
    )


def grouped(pairs: list[tuple[int, str]]) -> set[frozenset[int]]:
    return {frozenset(group) for group in components(pairs)}


def test_traces_that_share_an_id_are_one_call():
    assert grouped([(1, "CA1"), (2, "CA1"), (3, "CA3")]) == {frozenset({1, 2}), frozenset({3})}


def test_joining_is_transitive():
    assert grouped([(1, "x"), (2, "y"), (3, "z"), (2, "x"), (3, "y")]) == {frozenset({1, 2, 3})}


def test_a_sip_call_id_joins_a_session_to_the_call_whose_legs_mention_it():
    assert grouped([(1, "twilio:CA1"), (1, "sip:x"), (2, "openai:rtc_1"), (2, "sip:x")]) == {
        frozenset({1, 2})
    }


def test_a_sip_call_id_alone_joins_no_two_that_have_legs():
    pairs = [(n, f"twilio:CA{n}") for n in (1, 2)] + [(n, "sip:x") for n in (1, 2)]
    assert grouped(pairs) == {frozenset({1}), frozenset({2})}
    assert grouped([*pairs, (2, "twilio:CA1")]) == {frozenset({1, 2})}


def test_what_either_of_two_calls_may_be_belongs_to_neither():
    pairs = [
        (1, "twilio:CA1"),
        (2, "twilio:CA2"),
        (1, "sip:x"),
        (2, "sip:x"),
        (3, "sip:x"),
        (3, "openai:rtc_1"),
    ]
    assert grouped(pairs) == {frozenset({1}), frozenset({2}), frozenset({3})}


@given(LEGS_AND_DIALOGS)
def test_no_call_has_legs_that_only_a_sip_call_id_joins(pairs):
    believed = [(node, id_) for node, id_ in pairs if not id_.startswith("sip:")]
    legged = [group for group in grouped(believed) if any(n in group and "CA" in i for n, i in believed)]
    for group in grouped(pairs):
        assert sum(part <= group for part in legged) <= 1


@given(PAIRS | LEGS_AND_DIALOGS, st.randoms())
def test_neither_order_nor_repetition_changes_the_groups(pairs, random):
    shuffled = pairs + random.choices(pairs, k=len(pairs)) if pairs else []
    random.shuffle(shuffled)
    assert grouped(shuffled) == grouped(pairs)


@given(PAIRS)
def test_the_groups_part_the_nodes_and_no_id_is_in_two_of_them(pairs):
    groups = grouped(pairs)
    assert sorted(node for group in groups for node in group) == sorted({node for node, _ in pairs})
    for one, other in combinations(groups, 2):
        assert not {i for node, i in pairs if node in one} & {i for node, i in pairs if node in other}


@given(PAIRS)
def test_a_group_falls_apart_into_no_two_halves_without_a_shared_id(pairs):
    ids = {node: {i for n, i in pairs if n == node} for node, _ in pairs}
    for group in grouped(pairs):
        reached = {min(group)}
        while more := {n for n in group - reached if any(ids[n] & ids[r] for r in reached)}:
            reached |= more
        assert reached == group


def test_a_link_tells_which_rule_joined_what():
    child = record("twilio:CA2", Ref("ParentCallSid", "twilio:CA1"))
    assert links([record("twilio:CA1"), child]) == [
        {"rule": "ParentCallSid", "from": "twilio:CA2", "to": "twilio:CA1"}
    ]


def test_two_facts_that_mention_one_third_id_are_linked_through_it():
    dial = record("twilio:CA1", Ref("DialSipCallId", "sip:x@twilio"))
    offer = record("openai:rtc_1", Ref("Call-ID", "sip:x@twilio"))
    assert links([dial, offer]) == [
        {"rule": "Call-ID", "from": "openai:rtc_1", "to": "sip:x@twilio"},
        {"rule": "DialSipCallId", "from": "twilio:CA1", "to": "sip:x@twilio"},
    ]


def test_an_id_that_nothing_else_knows_has_joined_nothing():
    lonely = record("openai:rtc_1", Ref("Call-ID", "sip:x@twilio"), Ref("self", "openai:rtc_1"))
    assert links([lonely, lonely]) == []


@given(st.permutations([record("a", Ref("r", "b")), record("b", Ref("s", "a")), record("c", Ref("r", "b"))]))
def test_links_do_not_depend_on_the_order_of_facts(records):
    assert [link["from"] for link in links(records + records)] == ["a", "c", "b"]
