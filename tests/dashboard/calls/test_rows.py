"""A row of the list says what happened in a call, in words."""

import re

import pytest

from tests.dashboard.calls.listed import CUT_OFF, body, links, opened, put
from tests.dashboard.documents import put_call

pytestmark = pytest.mark.django_db


def test_a_row_says_what_happened_in_words(reader):
    call_id = put(**CUT_OFF)
    text = body(reader)
    assert opened(text) == [str(call_id)]
    for words in (
        "AI silent first", "medium confidence", "11.1", "1:00", "0:29", "completed", ">200<",
        "Truncated", "32113", "00:17:52", "The AI did not hear it",
    ):  # fmt: skip
        assert words in text


def test_the_callers_number_stands_nowhere_in_full(reader):
    put(**CUT_OFF)
    text = body(reader)
    assert "+8135*****23" in text
    assert "81355500123" not in text
    assert links(text, 'data-term="from:') == [{"q": "from:+8135*23"}]
    assert len(opened(body(reader, q="from:+8135*23"))) == 1


def test_what_is_not_known_says_why(reader):
    put(recording_state="pending")
    text = body(reader)
    assert "Not known yet: the recording is pending" in text
    assert "Recording pending" in text
    assert "Not judged yet" in text


def test_a_call_with_nothing_but_an_id_has_a_row(reader):
    call_id = put_call()
    assert opened(body(reader)) == [str(call_id)]


def test_what_a_provider_wrote_is_text_and_never_markup(reader):
    put(**{**CUT_OFF, "child_status": "<script>", "error_codes": ['"><img src=x>']})
    text = body(reader)
    assert "<script>" not in text.replace("<script src", "")
    assert "<img src=x" not in text
    [asked] = links(text, 'data-term="error:')
    assert len(opened(body(reader, q=asked["q"]))) == 1


def test_the_strip_is_drawn_without_inline_style(reader):
    put(**CUT_OFF)
    [strip] = re.findall('<svg class="strip".*?</svg>', body(reader))
    assert '<rect class="s-child" x="62.0" y="1" width="58.0" height="4"/>' in strip
    assert '<rect class="s-gap" x="97.8" y="12.5" width="22.2" height="5"/>' in strip
    assert "11.1 s without a transcript" in strip
    assert "style" not in strip


def test_of_a_call_that_runs_it_is_not_said_who_ended_it_nor_how_sure_that_is(reader):
    put(**{**CUT_OFF, "verdict": "live", "verdict_confidence": "low", "ended_first_by": "unknown"})
    text = body(reader)
    assert "Live" in text
    assert "Unknown" not in text and "low confidence" not in text
