"""Requests on their way from the projection to ingest."""

import json

import pytest

from callstore.requests.overdue import CloseOverdue
from callstore.requests.recordings import FetchRecording, RemoveRecording, TranscribeGap
from callstore.requests.request import BadRequest

ACCOUNT, LEG, RECORDING = "AC" + "0" * 32, "CA" + "1" * 32, "RE" + "2" * 32
FETCH = FetchRecording(ACCOUNT, LEG, RECORDING, "https://api.twilio.com/x")
GAP = TranscribeGap(LEG, RECORDING, 1.5, 3.0, 2)
OLD = RemoveRecording(LEG, RECORDING, 30)
OVERDUE = CloseOverdue(f"twilio:{LEG}", 1_770_000_000.25)


@pytest.mark.parametrize("request_", [FETCH, GAP, OLD, OVERDUE], ids=["fetch", "gap", "old", "overdue"])
def test_what_was_asked_arrives_as_it_was_asked(request_):
    sent = json.loads(json.dumps(request_.arguments()))
    assert type(request_).parse((), sent) == request_


def test_arguments_in_a_row_as_the_version_before_sent_them_are_understood():
    assert FetchRecording.parse([ACCOUNT, LEG, RECORDING, "https://api.twilio.com/x"], {}) == FETCH
    assert TranscribeGap.parse([LEG, RECORDING, 1.5, 3.0, 2], {}) == GAP


BAD = [
    (OVERDUE, {"subject": "twilio:RE1"}, "subject is of no call"),
    (OVERDUE, {"subject": None}, "subject is of no call"),
    (OVERDUE, {"subject": "openai:rtc_" + "x" * 200}, "subject is longer"),
    (OVERDUE, {"since": "yesterday"}, "since is no moment"),
    (OVERDUE, {"since": True}, "since is no moment"),
    (OVERDUE, {"since": float("nan")}, "since is no moment"),
    (FETCH, {"account_sid": ""}, "account_sid is no account SID"),
    (FETCH, {"account_sid": f"{ACCOUNT}\n"}, "account_sid is no account SID"),
    (FETCH, {"leg": RECORDING}, "leg is no call SID"),
    (FETCH, {"recording": "../../etc/passwd"}, "recording is no recording SID"),
    (FETCH, {"recording": 7}, "recording is no recording SID"),
    (FETCH, {"url": "file:///etc/passwd"}, "url is no http"),
    (FETCH, {"url": "https://" + "x" * 2_001}, "url is no http"),
    (OLD, {"leg": "../CA"}, "leg is no id of a leg"),
    (OLD, {"recording": "../../etc/passwd"}, "recording is no id of a recording"),
    (OLD, {"after_days": 0}, "after_days is no number of days"),
    (OLD, {"after_days": True}, "after_days is no number of days"),
    (GAP, {"leg": None}, "leg is no call SID"),
    (GAP, {"recording": LEG}, "recording is no recording SID"),
    (GAP, {"start_s": None}, "start_s and end_s are no seconds"),
    (GAP, {"start_s": True}, "start_s and end_s are no seconds"),
    (GAP, {"end_s": float("nan")}, "start_s and end_s are no seconds"),
    (GAP, {"end_s": 10**400}, "start_s and end_s are no seconds"),
    (GAP, {"end_s": 1.5}, "end_s is not behind start_s"),
    (GAP, {"channel": 3}, "channel is neither 1 nor 2"),
    (GAP, {"channel": True}, "channel is neither 1 nor 2"),
]


@pytest.mark.parametrize(("request_", "change", "said"), BAD)
def test_a_wrong_argument_is_named_and_not_quoted(request_, change, said):
    with pytest.raises(BadRequest, match=said) as refused:
        type(request_).parse((), request_.arguments() | change)
    [value] = change.values()
    assert not value or isinstance(value, bool | int) or str(value) not in str(refused.value)


@pytest.mark.parametrize(
    ("row", "more", "said"),
    [
        ([], {}, "account_sid, leg, recording, url is missing"),
        ([ACCOUNT, LEG, RECORDING], {}, "url is missing"),
        ([ACCOUNT] * 5, {}, "5 arguments are too many"),
        ([], {**FETCH.arguments(), "colour": "red"}, "there are arguments besides account_sid, leg"),
    ],
)
def test_arguments_that_are_too_few_or_too_many_are_said(row, more, said):
    with pytest.raises(BadRequest, match=said):
        FetchRecording.parse(row, more)
