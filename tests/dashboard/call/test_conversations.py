"""A call with several conversations: each leg and each session is drawn, and told beside the verdict."""

from callstore.report.report import report
from dashboard.call.text_report import text_report
from dashboard.call.timeline import timeline
from dashboard.calls.sparkline import bars
from tests.builders import CHILD
from tests.conversations import PERSON, SECOND
from tests.report.test_conversations import back_to_the_ai


def _drawn(lane, kind=None):
    axis = timeline({**report(back_to_the_ai().records), "call_id": "0", "links": []})
    return [m for m in axis["marks"] if m["lane"] == lane and (kind is None or m["kind"] == kind)]


def test_every_leg_that_was_dialled_is_drawn():
    ends = _drawn("child", "end")
    statuses = ["completed", "no answer", "completed"]
    assert [mark["label"] for mark in ends] == [f"{status} · SIP 200" for status in statuses]
    assert [CHILD in (ends[0]["detail"] or ""), PERSON in (ends[1]["detail"] or "")] == [True, True]
    assert SECOND not in (ends[2]["detail"] or "")


def test_every_session_is_drawn():
    active = [mark for mark in _drawn("ai", "state") if mark["label"] == "active"]
    assert len(active) == 2
    assert active[0]["end_s"] < active[1]["start_s"]
    assert not any(mark["suspicious"] for mark in active)


def test_the_words_of_every_session_are_drawn():
    labels = [mark["label"] for mark in _drawn("caller_text")]
    assert [label for label in labels if label in ("A person, please.", "No thank you.")] == [
        "A person, please.", "No thank you.",
    ]  # fmt: skip


def test_the_strip_shows_both():
    document = {**report(back_to_the_ai().records), "call_id": "0", "links": []}
    assert [bar.kind for bar in bars(document)].count("ai") == 2


def test_the_report_tells_the_other_conversation():
    assert "Another conversation: flow_ended." in text_report(report(back_to_the_ai().records))
