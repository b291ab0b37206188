"""At the door: of a batch only the element that cannot be read is rejected, and its neighbours are kept."""

import json

import pytest

from callstore.domain.facts.events import LegStatus, Unrecognised
from callstore.eventlog.reading import read
from ingest.doors.receive import receive
from tests.ingest import deliveries as given

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _configured(settings):
    given.configured(settings)


@pytest.mark.parametrize(
    ("bad", "error"),
    [
        ('{"a":' * 260 + "1" + "}" * 260, "nested too deeply: more than 254 levels"),
        ("NaN", "not valid JSON: NaN and Infinity are no numbers of it"),
    ],
)
@pytest.mark.parametrize("write", [lambda parts: f"[{','.join(parts)}]", "\n".join], ids=["array", "lines"])
def test_the_application_is_told_which_element_was_bad_and_why(bad, error, write):
    call = f"rtc_u1_{given.sid()}"
    frames = [json.dumps(given.frame({"type": "error", "error": "HERE"}, call, seq=n)) for n in (1, 2, 3)]
    frames[0] = frames[0].replace('"HERE"', bad)
    answer = receive(given.signed(given.delivery("app", "/hooks/app/", write(frames))))
    assert answer.status == 202
    assert json.loads(answer.body) == {
        "accepted": 2,
        "duplicates": 0,
        "rejected": [{"index": 0, "error": error}],
    }
    assert [record.sequence for record in read.records([read.trace_of(f"openai:{call}")])] == [2, 3]


def test_of_a_stream_of_events_the_bad_one_is_kept_as_it_came():
    call = given.sid()
    good = [given.status_event(given.progress(CallSid=call, SequenceNumber=n)) for n in ("1", "2")]
    bad = json.dumps(given.status_event(given.progress()) | {"data": "HERE"}).replace('"HERE"', '{"x": NaN}')
    body = f"[{json.dumps(good[0])}, {bad}, {json.dumps(good[1])}]"
    delivery = given.signed(given.delivery("twilio", "/hooks/twilio/events", body))
    assert receive(delivery).status == 204
    kept = read.records([read.trace_of(f"twilio:{call}")])
    assert [type(record.event) for record in kept] == [LegStatus, LegStatus]
    unread = read.records([read.trace_of("twilio:unknown")])
    assert [type(record.event) for record in unread][-1] is Unrecognised
    assert bad.encode() in [read.raw(record.position) for record in unread]
