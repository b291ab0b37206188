"""What a query of readers finds in the real table."""

from datetime import UTC, datetime

import pytest
from django.db import connection
from hypothesis import HealthCheck, given, settings

from callstore.search.compile import where
from callstore.search.errors import QueryError
from tests.dashboard.documents import CHILD, PARENT, RECORDING, put_call
from tests.search.test_parser import queries as any_query

pytestmark = pytest.mark.django_db

NOW = datetime(2026, 4, 13, 12, 0, tzinfo=UTC)

FOUNDING = {
    "parent_call_sid": PARENT,
    "child_call_sid": CHILD,
    "ai_call_id": "rtc_u7_F06GMK1FUlkIxd0E03Vmq",
    "ai_session_id": "sess_F06fWif3P1KQmjxbVz4HB",
    "from": "+81355501123",
    "to": "+815055502222",
    "dtmf": "1",
    "parent_status": "completed",
    "child_status": "completed",
    "sip_response_code": 200,
    "flags": ["truncated", "suspicious"],
    "verdict": "ai_silent_first",
    "verdict_confidence": "medium",
    "cause": "silent_session_loss",
    "ended_first_by": "unknown",
    "gap_kind": "not_heard",
    "untranscribed_caller_speech_s": 11.12,
    "parent_duration_s": 60,
    "child_duration_s": 29,
    "ai_silence_before_end_s": 12.6,
    "caller_speech_end_to_child_end_s": 0.1,
    "started_at": "2026-04-13T00:17:52.000Z",
    "ended_at": "2026-04-13T00:18:52.000Z",
    "ai_close_observed": False,
    "warning_codes": ["32113"],
    "recording_state": "present",
    "transcript_state": "present",
    "last_caller_transcript": "Um...",
    "turns": [{"text": "I want to move my booking"}, {"text": "Um..."}],
    "replies": [{"text": "予約を承ります 100%"}],
    "recordings": [{"sid": RECORDING}],
}


@pytest.fixture
def founding():
    put_call()  # a call of which nothing is known
    return str(put_call(**FOUNDING))


def found(query):
    sql, params = where(query, NOW)
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT call_id FROM call WHERE {sql}", params)
        return [str(call_id) for (call_id,) in cursor.fetchall()]


@pytest.mark.parametrize(
    "query",
    [
        "is:truncated status:completed sip:200",
        "is:[live,suspicious]",
        "has:recording no:ai_close has:dtmf has:warning has:child has:session has:transcript",
        "has:[recording,dtmf]",
        "status:COMPLETED parent_status:comp*",
        "status:[busy,completed]",
        "sip:2xx sip:>199 sip:<=200 sip:100..200 sip:[486,200]",
        "-sip:4xx",
        "verdict:ai_* confidence:>=medium confidence:<high cause:silent_session_loss ended_by:unknown",
        "gap:>11s gap:11.1s gap:11s gap:5s..11120ms gap:<12 gap_kind:not_heard gap_kind:not-heard",
        "duration:1m child_duration:<30s ai_silence:>=12.6s speech_to_end:<500ms",
        "started:2026-04-13 started:2026-04-13T00:17Z started:2026-04-13T09:17+09:00 started:-24h",
        "started:2026-04-12..2026-04-13 ended:-1d..now started:<=2026-04-13 started:>2026-04-12",
        "started:2026-04-13T00:17:52Z started:2026-04-13T00:17:52.000Z",
        "warning:32113 warning:32* warning:* -error:*",
        "recording:present recording:*",
        "transcript:booking transcript:Um... transcript:予約 transcript:100%",
        'transcript:"move my" transcript:*',
        "sid:CA1* sid:*22 sid:ca1*",
        "ai_call:rtc_u7*",
        "dtmf:1 dtmf:*",
        "from:+81* to:+8150*",
        "BOOKING um...",
        '"move my booking"',
        "100%",
        PARENT,
        CHILD,
        RECORDING,
        f"-{PARENT[:-1]}3",
        f"{PARENT[:-1]}3 OR {RECORDING}",
        f"sid:{PARENT} sid:[{CHILD},{PARENT[:-1]}3]",
        "sess_F06fWif3P1KQmjxbVz4HB",
        "ai_call:sess_F06fWif3P1KQmjxbVz4HB",
        "rtc_u7_F06GMK1FUlkIxd0E03Vmq",
        "status:busy OR sip:200",
        "NOT (status:busy sip:200)",
        "has:dtmf -has:warning OR gap:>1s",
    ],
)
def test_the_founding_call_is_found_by(query, founding):
    assert founding in found(query)


@pytest.mark.parametrize(
    "query",
    [
        "is:live",
        "-is:truncated",
        "no:recording",
        "no:[recording,dtmf]",
        "status:busy",
        "sip:4xx",
        "sip:>200",
        "confidence:>medium",
        "gap:11.2s",
        "gap:>11120ms",
        "started:>2026-04-13",
        "started:<2026-04-13",
        "started:-1h",
        "ended:2026-04-13T00:18:51Z",
        "warning:321",
        'warning:"32*"',
        "error:*",
        "transcript:5550",
        "10_%",
        'dtmf:"*"',
        "from:81355501123",
        "booking help",
        "-booking",
        "CA" + "9" * 32,
        f"-{RECORDING}",
        f"-(sip:486 OR {PARENT})",
        f"sid:{RECORDING}",
        f"ai_call:{PARENT}",
    ],
)
def test_the_founding_call_is_not_found_by(query, founding):
    assert founding not in found(query)


def test_not_finds_calls_of_which_the_fact_is_unknown(founding):
    assert len(found("")) == 2
    assert len(found("-status:busy")) == 2
    assert len(found("NOT gap:>5s")) == 1
    assert founding not in found("-(status:completed sip:200)")
    assert len(found("-(status:completed gap:<1s)")) == 2
    assert len(found("no:recording")) == 1


def test_a_call_is_found_by_its_own_id(founding):
    assert found(founding) == [founding]
    assert found(founding.upper()) == [founding]
    assert founding not in found(f"-{founding}")


def test_the_founding_filter_can_use_its_index(founding):
    sql, params = where("is:truncated status:completed sip:200", NOW)
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off")
        cursor.execute("SET LOCAL enable_bitmapscan = off")
        cursor.execute(f"EXPLAIN SELECT 1 FROM call WHERE {sql} ORDER BY started_at DESC LIMIT 50", params)
        assert "call_clean_but_cut_off" in "\n".join(line for (line,) in cursor.fetchall())


ABSENT = [f"CA{n:032x}" for n in range(10)]


@pytest.mark.parametrize(
    "query",
    [
        ABSENT[0],
        " OR ".join(ABSENT),
        f"-{ABSENT[0]}",
        f"sid:{ABSENT[0]}",
        f"is:truncated ({ABSENT[0]} OR sip:486)",
    ],
)
def test_ids_are_looked_up_in_their_index_and_no_document_is_read_for_them(founding, query):
    sql, params = where(query, NOW)
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off")
        cursor.execute(f"EXPLAIN SELECT 1 FROM call WHERE {sql} ORDER BY started_at DESC LIMIT 50", params)
        plan = "\n".join(line for (line,) in cursor.fetchall())
    assert "Bitmap Index Scan on call_ids" in plan
    assert "document" not in plan and "search_text" not in plan


@settings(deadline=None, max_examples=300, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(any_query)
def test_every_query_that_compiles_is_one_for_postgres(db, text):
    try:
        sql, params = where(text, NOW)
    except QueryError:
        return
    with connection.cursor() as cursor:
        cursor.execute(f"EXPLAIN SELECT 1 FROM call WHERE {sql}", params)
