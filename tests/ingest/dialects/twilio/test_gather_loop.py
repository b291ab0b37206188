"""A menu that is heard twice: the same key at the same URL is pressed twice, and told by several channels."""

import itertools
from dataclasses import replace

import pytest

from callstore.domain.call.fold import fold
from callstore.rehearsal.evaluation.evaluate import recorded
from tests.ingest import deliveries as given
from tests.ingest.dialects.app.test_bodies import exchange

FIRST, SECOND = "9128476e-7358-4ece-ae1d-b3ddbddc8508", "45d43467-6365-410f-aab0-683dbd5c0999"
HEADER = "I-Twilio-Idempotency-Token"
AGAIN = "<Response><Gather/></Response>"


@pytest.fixture
def pressed():
    """A request of a <Gather>, as a form without its header."""
    url = "/hooks/twilio/voice/gather?menu=main"
    return given.form(url, CallSid=given.sid(), CallStatus="in-progress", Digits="1")


def by_door(request, token):
    return replace(request, headers=request.headers | {HEADER.lower(): token})


def by_exchange(request, token=None, name=HEADER, **attributes):
    event = exchange(request, AGAIN, **attributes)
    if token:
        event["data"]["headers"] = {"Host": "calls.example.com", name: token}
    return given.cloud(event)


def by_stream(request):
    return given.stream(given.status_event(request, "com.twilio.voice.twiml.gather.finished"))


def known(*deliveries):
    """The facts as the log would hold them: of each key the first."""
    by_key = {}
    for draft in itertools.chain.from_iterable(map(given.facts, deliveries)):
        by_key.setdefault((draft.source, draft.subject, draft.key, draft.fingerprint), draft)
    return [recorded(draft, position) for position, draft in enumerate(by_key.values(), start=1)]


def dtmf(records):
    return "".join(ask.digits for ask in fold(records).asks if ask.digits)


def digits(*deliveries):
    found = {dtmf(known(*order)) for order in itertools.permutations(deliveries)}
    assert len(found) == 1, "it depends on who comes first"
    return found.pop()


def test_the_same_key_pressed_twice_is_two_facts(pressed):
    assert digits(by_door(pressed, FIRST), by_door(pressed, SECOND)) == "11"


def test_a_request_that_is_tried_again_is_one_fact(pressed):
    again = by_door(replace(pressed, body=pressed.body + b"&CallToken=other&FromCity="), FIRST)
    assert digits(by_door(pressed, FIRST), again, by_door(pressed, SECOND)) == "11"
    assert len(known(by_door(pressed, FIRST), again)) == 1


def test_without_the_header_equal_requests_are_one_fact(pressed):
    assert digits(pressed, pressed) == "1"
    assert digits(pressed, by_exchange(pressed), by_stream(pressed)) == "1"
    assert len([r for r in known(pressed, by_exchange(pressed)) if r.event.TYPE == "dtmf.pressed"]) == 1


@pytest.mark.parametrize("name", [HEADER, HEADER.lower()])
def test_an_exchange_that_forwards_the_header_is_the_very_fact(pressed, name):
    forwarded = by_exchange(pressed, FIRST, name)
    assert [r.event.TYPE for r in known(by_door(pressed, FIRST), forwarded)] == [
        "dtmf.pressed",
        "flow.answered",
    ]
    assert digits(forwarded, by_exchange(pressed, SECOND, name)) == "11"


def test_a_copy_without_the_header_is_no_key_more(pressed):
    first, second = by_door(pressed, FIRST), by_door(pressed, SECOND)
    assert digits(first, by_exchange(pressed), by_stream(pressed)) == "1"
    assert digits(first, second, by_stream(pressed)) == "11"
    other = replace(pressed, body=pressed.body.replace(b"Digits=1", b"Digits=2"))
    assert sorted(dtmf(known(first, by_exchange(other)))) == ["1", "2"]


def test_keys_are_no_more_than_the_answers_that_the_application_gave_to_them(pressed):
    first, second = by_door(pressed, FIRST), by_door(pressed, SECOND)
    answers = [by_exchange(pressed, time=f"2026-04-13T12:00:0{n}.900Z", id=f"ce-{n}") for n in (0, 9)]
    assert digits(first, second, answers[0]) == "1"
    assert digits(first, second, *answers) == "11"


def test_each_answer_stands_beside_its_question(pressed):
    times = [{"time": f"2026-04-13T12:00:0{n}.900Z"} for n in (0, 9)]
    asked = [
        replace(by_door(pressed, token), received_at=given.NOON + later)
        for token, later in ((FIRST, 0.7), (SECOND, 9.7))
    ]
    answers = [by_exchange(pressed, **time) for time in times]
    for order in itertools.permutations([*asked, *answers]):
        asks = fold(known(*order)).asks
        assert [(ask.asked is None, ask.answered is None) for ask in asks] == [(False, False)] * 2


@pytest.mark.parametrize("token", ["", " ", "\0", "x" * 65, "é", "my name is John"])
def test_what_is_no_token_names_nothing(pressed, token):
    assert len(known(pressed, by_door(pressed, token), by_exchange(pressed, token))) == 2


def test_requests_with_a_number_of_their_own_are_known_by_it_whatever_their_token():
    status = given.progress(CallSid=given.sid())
    assert len(known(by_door(status, FIRST), by_door(status, SECOND))) == 1
    asked = given.form(CallSid=given.sid(), CallStatus="ringing")
    assert len(known(by_door(asked, FIRST), by_door(asked, SECOND))) == 1
