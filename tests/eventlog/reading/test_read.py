"""What goes in comes out: every kind of event, and nothing personal once the key is gone."""

import types
from dataclasses import fields, replace
from typing import Any, Literal, Union, get_args, get_origin, get_type_hints

import pytest
from django.db import connection
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from callstore.domain.facts.clock import Clock, Instant
from callstore.domain.facts.codec import event_types
from callstore.domain.facts.events import FrameSeen, LegStatus, ReplySpoken, TurnTranscribed, Unrecognised
from callstore.domain.facts.record import Ref
from callstore.eventlog.crypto.refs import id_of
from callstore.eventlog.reading import read
from callstore.eventlog.reading.listing import listing
from callstore.eventlog.writing.append import append
from tests.eventlog.drafts import NOON, child_of, draft, leg

pytestmark = pytest.mark.django_db

TEXT = st.text(st.characters(exclude_characters="\0", exclude_categories=["Cs"]), max_size=20)
LEAVES: dict[Any, st.SearchStrategy[Any]] = {
    str: TEXT,
    bool: st.booleans(),
    int: st.integers(-(2**53), 2**53),
    float: st.floats(-1e17, 1e17, allow_nan=False),
    type(None): st.none(),
}


def any_of(hint: Any) -> st.SearchStrategy[Any]:
    """Values of a type as the events use them."""
    if hint in LEAVES:
        return LEAVES[hint]
    inner = get_args(hint)
    if get_origin(hint) is Literal:
        return st.sampled_from(inner)
    if get_origin(hint) in (Union, types.UnionType):
        return st.one_of(map(any_of, inner))
    if inner[-1] is Ellipsis:
        return st.lists(any_of(inner[0]), max_size=3).map(tuple)
    return st.tuples(*map(any_of, inner))


def any_event(cls: type[Any]) -> st.SearchStrategy[Any]:
    hints = get_type_hints(cls)
    return st.builds(cls, **{field.name: any_of(hints[field.name]) for field in fields(cls)})


def kept(ref: Ref) -> Ref:
    """A ref as the log has it: no SIP Call-ID can be read in it."""
    return replace(ref, id=id_of(ref.id))


@given(st.tuples(*map(any_event, event_types().values())), st.floats(0, 4e9), st.binary())
@settings(max_examples=20, deadline=None, suppress_health_check=list(HealthCheck))
def test_every_kind_of_event_comes_back_as_it_went_in(events, at, raw):
    a, at = leg(), round(at, 3)
    refs = (Ref("rule", "sip:a=b"), Ref("other", "sip:\x1e"))
    drafts = [
        draft(a, str(n), event, occurred=Instant(at, Clock(n % 4), n), refs=refs, sequence=n or None, raw=raw)
        for n, event in enumerate(events)
    ]
    positions = append(drafts)
    trace = read.trace_of(a)
    for record in read.records([trace]):
        given_ = drafts[int(record.key)]
        assert record.position == positions[int(record.key)]
        assert record.event == given_.event
        assert (record.occurred, record.received_at) == (given_.occurred, given_.received_at)
        assert (record.subject, record.source, record.refs) == (a, "twilio", tuple(kept(ref) for ref in refs))
        assert record.sequence == given_.sequence
    assert len(read.records([trace])) == len(events)
    assert read.raw(positions[0]) == raw


def test_the_events_of_several_calls_are_read_at_once():
    legs = [leg() for _ in range(3)]
    append([draft(a, str(n)) for a in legs for n in range(4)])
    records = read.records([read.trace_of(a) for a in legs[:2]])
    assert sorted({record.subject for record in records}) == sorted(legs[:2])
    assert len(records) == 8
    assert read.records([]) == []


def test_a_call_without_its_key_keeps_its_facts_only():
    a = leg()
    spoken = TurnTranscribed(connection="c", kind="k", item="i", final=True, text="my name is Ada")
    positions = append([draft(a), draft(a, "2", spoken)])
    trace = read.trace_of(a)
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE log.call_key SET wrapped = NULL, destroyed_at = now(), reason = 'asked' WHERE key_id ="
            " (SELECT key_id FROM log.stream WHERE subject = %s)",
            [a],
        )
    events = {record.key: record.event for record in read.records([trace])}
    assert events == {
        "1": LegStatus(status="ringing"),
        "2": TurnTranscribed(connection="c", kind="k", item="i", final=True, text=None),
    }
    assert read.raw(positions[0]) is None
    assert [(e["personal"], e["body"]) for e in listing([trace], bodies=True).items] == [(None, None)] * 2
    assert append([draft(a, "3")]) != [None]
    assert len(read.records([trace])) == 3


def test_a_listing_is_in_order_and_shows_bodies_only_when_asked():
    a, parent = leg(), leg()
    late = draft(a, "late", Unrecognised(note="?"), occurred=Instant(NOON + 5, Clock.APP), raw=b"\xff!")
    append([late, draft(a, "soon", refs=child_of(parent))])
    soon, later = listing([read.trace_of(a)], bodies=True).items
    assert later["body"] == "\ufffd!"
    assert soon == {
        "position": soon["position"],
        "source": "twilio",
        "subject": a,
        "type": "leg.status",
        "occurred_at": "2026-04-13T12:00:00.000Z",
        "clock": "provider",
        "precision_ms": 1000,
        "received_at": "2026-04-13T12:00:00.300Z",
        "sequence": None,
        "dedup_key": "soon",
        "refs": [f"ParentCallSid={parent}"],
        "facts": {"status": "ringing"},
        "personal": {"caller": "+15550100001"},
        "body": "CallStatus=ringing&From=%2B15550100001",
    }
    assert "body" not in listing([read.trace_of(a)]).items[0]


def test_refs_name_each_mention_once():
    a, parent = leg(), leg()
    append([draft(a, str(n), refs=(*child_of(parent), Ref("Call-ID", "sip:x"))) for n in range(3)])
    trace = read.trace_of(a)
    assert sorted(read.refs([trace]), key=str) == [
        (trace, a, kept(Ref("Call-ID", "sip:x"))),
        (trace, a, Ref("ParentCallSid", parent)),
    ]


def test_a_gist_has_all_that_happened_but_nothing_personal_and_of_what_passed_by_the_last():
    a, b = leg(), leg()
    told = [
        ReplySpoken(connection="c", kind="k", response="r", text="Go"),
        FrameSeen(connection="c", kind="rate_limits.updated"),
        ReplySpoken(connection="c", kind="k", response="r", final=True, text="Go ahead."),
        TurnTranscribed(connection="c", kind="k", item="i", final=False, text="U"),
        FrameSeen(connection="c", kind="the.last"),
        TurnTranscribed(connection="c", kind="k", item="i", final=True, text="Um"),
    ]
    append([draft(a, str(n), event, occurred=Instant(NOON + n, Clock.APP)) for n, event in enumerate(told)])
    append([draft(b, event=told[1], refs=child_of(a))])
    found = sorted(read.gist([read.trace_of(a)]), key=lambda r: (r.subject != a, r.occurred.at))
    assert [(r.subject, r.event) for r in found] == [
        (a, replace(told[2], text=None)),
        (a, told[4]),
        (a, replace(told[5], text=None)),
        (b, told[1]),
    ]


def test_an_unknown_position_has_no_delivery():
    assert read.raw(2**62) is None


def test_the_events_of_a_call_are_read_by_the_key_and_from_one_month():
    append([draft(leg(), str(n)) for n in range(50)])
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off")
        sql = read.EVENTS.format(columns="e.position").replace("%b", "%s")
        cursor.execute(f"EXPLAIN (ANALYZE, COSTS off) {sql}", [[read.trace_of(read_any_leg())]])
        plan = [line for (line,) in cursor]
    scanned = [line for line in plan if "_pkey on event_" in line]
    assert len(scanned) > 4
    assert [line for line in scanned if "never executed" not in line] == [
        line for line in scanned if "event_2026_04" in line
    ]
    assert not any("Seq Scan on event_" in line for line in plan)


def read_any_leg() -> str:
    a = leg()
    append([draft(a)])
    return a
