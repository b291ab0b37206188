"""A SIP Call-ID is whatever the caller's system wrote. Two calls that share one are two, in any order."""

from itertools import permutations

import pytest
from django.core.management import call_command

from callstore.domain.facts.events import SessionOffered
from callstore.domain.facts.record import Ref
from callstore.eventlog.crypto import keyring
from callstore.projection import projector, queries
from callstore.projection.on_request import live
from callstore.projection.rebuild import diff
from callstore.projection.rebuild.scope import Scope
from tests.projection.facts import call_ids, fact, keep, rtc, sid, status

pytestmark = pytest.mark.django_db


def dialog() -> Ref:
    return Ref("SIP Call-ID", f"sip:{sid()}@pbx")


def mentioning(leg: str, ref: Ref, at: float = 5):
    """A leg's last word, which names its SIP dialog."""
    said = status(leg, "completed", at=at)
    return fact(said.subject, said.event, ref, at=at)


def offered_by(session: str, ref: Ref):
    """A session whose INVITE named nothing but its dialog."""
    return fact(f"openai:{session}", SessionOffered(api="realtime"), ref, at=1, source="openai")


@pytest.mark.parametrize("order", [*permutations(range(4))])
@pytest.mark.parametrize("at_once", [True, False])
def test_two_calls_that_share_a_sip_call_id_stay_two_in_any_order(order, at_once):
    a, b, session, shared = sid(), sid(), rtc(), dialog()
    told = [
        status(a, "in-progress"),
        mentioning(a, shared),
        mentioning(b, shared),
        offered_by(session, shared),
    ]
    traces = set()
    for n in order:
        traces |= keep(told[n])
        if not at_once:
            projector.project(traces)
    projector.project(traces)
    assert call_ids(traces) == sorted(traces)
    assert [queries.find(id_)["event_count"] for id_ in (a, b, session)] == [2, 1, 1]
    assert [len(live.records(id_)) for id_ in (a, b, session)] == [2, 1, 1]
    assert [line for line in diff.differences(Scope(only=tuple(traces)), lambda n: None)] == []


def test_one_call_and_its_session_are_joined_by_it():
    leg, session, shared = sid(), rtc(), dialog()
    traces = keep(mentioning(leg, shared), offered_by(session, shared))
    projector.project(traces)
    assert call_ids(traces) == [min(traces)]
    assert queries.find(leg)["ai_call_id"] == session
    assert len(live.records(leg)) == len(live.records(session)) == 2


def test_of_two_that_share_it_one_is_erased():
    a, b, shared = sid(), sid(), dialog()
    traces = keep(mentioning(a, shared), mentioning(b, shared))
    projector.project(traces)
    call_command("erase", a, reason="asked for")
    assert [keyring.is_destroyed(f"twilio:{leg}") for leg in (a, b)] == [True, False]
    assert queries.find(a)["erased_at"] and not queries.find(b)["erased_at"]
