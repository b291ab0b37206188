"""What a query of readers finds in the real table."""

from datetime import UTC, datetime

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from hypothesis import HealthCheck, given, settings

from callstore.projection.models import Neighbour
from callstore.projection.words import find
from callstore.search.compile import compiled, where
from callstore.search.errors import QueryError
from callstore.search.tree import And
from callstore.search.window import Window, within
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
    "session": {"tools": [{"name": "finish_session"}, {"name": "Book"}]},
    "findings": [{"slug": "silent_session_loss"}, {"slug": "barge_in"}],
    "languages": ["ja-JP"],
    "sources": {"recording": "present", "insights": "never_expected"},
    "detection_lag_s": 61.5,
    "second_words": [{"text": "Is anybody there?", "speaker": "caller", "start_s": 50.1},
                     {"text": "ミュートですか", "speaker": "unknown", "start_s": 51.0}],
}  # fmt: skip
TOLD_BESIDE = {
    "findings": [{"slug": "timer_cluster"}],
    "incidents": [{"provider": "openai", "title": "Elevated errors on Realtime"}],
}


@pytest.fixture
def founding():
    put_call()  # a call of which nothing is known
    call_id = put_call(**FOUNDING)
    now = datetime.now(UTC)
    Neighbour.objects.create(call_id=call_id, saved_at=now, at=0, verdict="", accepted=True, **TOLD_BESIDE)
    return str(call_id)


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
        "um ooki 予 約 を承",
        'caller:"move my" caller:Um... caller:[booking,nothing] caller:*',
        "caller:anybody caller:move*booking caller:*ok",
        "agent_said:予約 agent_said:100% -agent_said:booking -caller:予約 agent_said:*",
        "caller:ミュート agent_said:ミュート transcript:ﾐｭｰﾄ",
        "0112 rtc_u7 06GMK1 5550",
        "finding:barge_in finding:silent-session-loss finding:[vad_stuck,barge_in] finding:bar*",
        "finding:timer_cluster finding:*",
        "incident:openai incident:elevated incident:* -incident:twilio incident:[twilio,open*]",
        "lag:>1m lag:<62 -lag:<1m",
        "source:recording -source:insights source:[insights,recording]",
        "tool:finish_session tool:Book tool:finish* tool:* -tool:book_table",
        "lang:ja lang:ja-JP lang:JA* -lang:de lang:*",
        "session:sess_F06* session:rtc_u7* number:+8135* number:+815055502222",
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
        "transcript:ok",
        "55 booking",
        "caller:予約",
        "agent_said:booking",
        'caller:"booking move"',
        "finding:vad_stuck",
        "finding:provider_incident",
        "incident:errors-on",
        "lag:>62s",
        "source:insights",
        "tool:finish",
        "lang:en",
        "number:+44*",
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


@pytest.mark.parametrize(
    ("since", "until", "belongs"),
    [
        ("00:00", "01:00", True),
        ("00:18", None, True),  # it ran then, though it began before
        (None, "00:18", True),
        ("00:18", "00:18:30", True),
        ("00:19", None, False),
        (None, "00:17", False),
        (None, None, True),
    ],
)
def test_a_window_has_the_calls_that_ran_into_it(since, until, belongs, founding):
    edges = [at and datetime.fromisoformat(f"2026-04-13T{at}Z") for at in (since, until)]
    sql, params = compiled(within(And(()), Window(*edges)), NOW)
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT call_id::text FROM call WHERE {sql}", params)
        assert ((founding,) in cursor.fetchall()) == belongs


def test_a_running_call_runs_until_now():
    running = str(put_call(started_at="2026-04-13T00:00:00.000Z", flags=["live"]))
    sql, params = compiled(within(And(()), Window(datetime(2026, 4, 13, 3, tzinfo=UTC))), NOW)
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT call_id::text FROM call WHERE {sql}", params)
        assert cursor.fetchall() == [(running,)]


@pytest.mark.parametrize("query", ["caller:booking", "um...", "予", "-transcript:nowhere", "booking 予約"])
def test_words_are_the_same_where_they_are_in_many_calls(query, founding, monkeypatch):
    few = set(found(query))
    monkeypatch.setattr(find, "FEW", 0)
    assert set(found(query)) == few and founding in few


@pytest.mark.parametrize("query", ["caller:booking", "予", "q", '"move my booking"', "0112"])
def test_no_call_is_read_for_words_that_it_has_not(query, founding):
    with CaptureQueriesContext(connection) as asked:
        where(query, NOW)
    [look_up] = [each["sql"] for each in asked.captured_queries if "tokens @>" in each["sql"]]
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off")
        cursor.execute("EXPLAIN " + look_up.replace("%", "%%"), [])
        plan = "\n".join(line for (line,) in cursor.fetchall())
    assert "Bitmap Index Scan on call_words_tokens" in plan and "Seq Scan" not in plan


def test_what_is_set_for_a_look_up_is_not_set_behind_it(founding):
    with connection.cursor() as cursor:
        cursor.execute("SHOW enable_seqscan")
        before = cursor.fetchone()
        where("booking", NOW)
        cursor.execute("SHOW enable_seqscan")
        assert cursor.fetchone() == before == ("on",)


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
