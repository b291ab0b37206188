"""Calls put into the list, and the list read back from its HTML."""

import re
from datetime import UTC, datetime, timedelta
from urllib.parse import parse_qs, urlsplit

from tests.dashboard.documents import CHILD, PARENT, put_call

START = datetime(2026, 4, 13, 0, 17, 52, tzinfo=UTC)
CUT_OFF = {
    "parent_call_sid": PARENT,
    "child_call_sid": CHILD,
    "from": "+81355500123",
    "child_status": "completed",
    "sip_response_code": 200,
    "verdict": "ai_silent_first",
    "verdict_confidence": "medium",
    "ended_first_by": "unknown",
    "flags": ["truncated", "suspicious"],
    "warning_codes": ["32113"],
    "untranscribed_caller_speech_s": 11.128,
    "gap_kind": "not_heard",
    "parent_duration_s": 60,
    "child_duration_s": 29,
    "recording_state": "present",
    "legs": [{"role": "child", "first": {"at_s": 25}, "answered": {"at_s": 31}, "ended": {"at_s": 60}}],
    "gaps": [{"start_s": 48.9, "end_s": 60, "kind": "not_heard"}],
}


def put(minutes=0, **fields):
    """A call that began so many minutes after midnight's first."""
    return put_call(started_at=(START + timedelta(minutes=minutes)).isoformat(), **fields)


def body(reader, **query):
    answer = reader.get("/calls", query)
    assert answer.status_code == 200
    return answer.content.decode()


def opened(text):
    """The call ids of the rows, in order."""
    return re.findall(r'class="open" href="/calls/([0-9a-f-]{36})[?"]', text)


def links(text, marker):
    """The query parameters of every link whose tag holds `marker`."""
    tags = re.findall(r"<a [^>]*>", text)
    hrefs = [re.search('href="([^"]*)"', tag)[1] for tag in tags if marker in tag]
    return [
        {name: value[0] for name, value in parse_qs(urlsplit(href.replace("&amp;", "&")).query).items()}
        for href in hrefs
    ]
