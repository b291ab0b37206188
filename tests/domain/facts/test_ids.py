"""Ids: each degree of strictness accepts what it says, and no other file spells the shape of one."""

import re

import orjson
import pytest

from callstore.domain.facts import ids
from tests.places import ROOT

LOWER, UPPER, SHORT = "CA" + "0a" * 16, "CA" + "0A" * 16, "CAshort1"


def test_a_sid_is_found_as_written_believed_as_documented_and_accepted_as_sent():
    shapes = (ids.WRITTEN_CALL_SID.fullmatch, ids.CALL_SID.fullmatch, ids.leg_subject)
    accepted = {sid: [bool(shape(sid)) for shape in shapes] for sid in (LOWER, UPPER, SHORT, "CA", "CA-1")}
    assert accepted == {
        LOWER: [True, True, True],
        UPPER: [False, True, True],
        SHORT: [False, False, True],
        "CA": [False, False, False],
        "CA-1": [False, False, False],
    }


@pytest.mark.parametrize("value", [None, 7, "", "RE" + "0" * 32, f"{LOWER}\n", "CA" + "0" * 65])
def test_what_is_no_call_sid_has_no_leg(value):
    assert ids.leg_subject(value) is None


def test_the_leg_in_a_url_is_the_first_that_is_written_there():
    url = f"https://api.twilio.com/2010-04-01/Accounts/AC{'1' * 32}/Calls/{LOWER}.json?x={UPPER}"
    assert ids.leg_subject_in(url) == f"twilio:{LOWER}"
    assert ids.leg_subject_in(f"/Calls/{UPPER}") is None


@pytest.mark.parametrize(
    ("id_", "subject"),
    [
        (SHORT, f"twilio:{SHORT}"),
        ("RE1", "twilio:RE1"),
        ("rtc_u1-é", "openai:rtc_u1-é"),
        ("live_1", "openai:live_1"),
        ("rtc_", "rtc_"),
        ("sess_1", "openai:sess_1"),
        ("conf_1", "conf_1"),
        ("twilio:CA1", "twilio:CA1"),
    ],
)
def test_an_id_that_is_looked_up_gets_its_provider(id_, subject):
    assert ids.subject(id_) == subject


@pytest.mark.parametrize(
    ("subject", "of_a_call", "of_a_leg"),
    [
        ("twilio:CA1", True, True),
        ("openai:rtc_1", True, False),
        ("openai:live_1", True, False),
        ("twilio:AC1", False, False),
        ("openai:webhook:wh_1", False, False),
        ("incident:openai:1", False, False),
    ],
)
def test_legs_and_sessions_belong_to_calls(subject, of_a_call, of_a_leg):
    assert (ids.is_of_a_call(subject), ids.is_of_a_leg(subject)) == (of_a_call, of_a_leg)


@pytest.mark.parametrize(
    ("text", "whole"),
    [
        (LOWER, True),
        (UPPER, False),
        ("RE" + "0" * 32, True),
        ("rtc_u7_F06GMK1FUlkIxd0E03Vmq", True),
        ("live_" + "a" * 8, True),
        ("sess_F06fWif3P1KQmjxbVz4HB", True),
        ("0197a5f0-0000-7000-8000-000000000404", True),
        ("0197A5F0-0000-7000-8000-000000000404", True),
        ("live_1", False),
        ("rtc_" + "a" * 201, False),
        ("rtc_éééééééé", False),
        ("AC1", False),
    ],
)
def test_a_whole_id_is_told_from_a_word(text, whole):
    assert ids.whole(text) == (text.lower() if "-" in text else text) if whole else ids.whole(text) is None


def test_the_ids_in_a_document_are_its_whole_values_and_no_words_of_a_value():
    document = {
        "call_id": "0197a5f0-0000-7000-8000-000000000404",
        "legs": [{"sid": LOWER}, {"sid": LOWER}],
        LOWER[::-1] + "_a_name": "RE" + "0" * 32,
        "RE" + "1" * 32: "a name, and no value",
        "turns": [{"text": f"my call is {LOWER[:-1]}b, he said"}],
        "session": {"id": "sess_F06fWif3P1KQmjxbVz4HB", "short": "live_1"},
    }
    expected = ["0197a5f0-0000-7000-8000-000000000404", LOWER, "RE" + "0" * 32, "sess_F06fWif3P1KQmjxbVz4HB"]
    assert ids.in_json(orjson.dumps(document)) == sorted(expected)


def test_no_other_file_spells_the_shape_of_an_id():
    spelled = re.compile(r"[A-Z]{2}\)?\[0-9|\[A-Z\]\{2\}\[0|rtc\|live")
    others = {
        str(path.relative_to(ROOT))
        for tree in ("callstore", "dashboard", "ingest", "benchmarks")
        for path in (ROOT / tree).rglob("*.py")
        if spelled.search(path.read_text())
    }
    assert others == {
        "callstore/domain/facts/ids.py",
        "callstore/report/disguise/ids.py",  # of every kind that a scenario holds
        "callstore/report/disguise/text.py",  # of other kinds, which are hidden and never asked for
    }
