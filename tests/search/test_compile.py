"""A query's text and the SQL that is made of it, its values always as parameters."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given

from callstore.search.compile import where
from callstore.search.conditions import ANSWERED, KNOWN, SAID
from callstore.search.errors import QueryError
from tests.search.test_parser import queries as any_query

NOW = datetime(2026, 4, 13, 12, 0, tzinfo=UTC)
SID = "CA" + "1" * 32
SIDS = ("parent_call_sid", "child_call_sid", "conference_sid", "stream_sid")
SESSION = "rtc_u7_F06GMK1FUlkIxd0E03Vmq"
SESSION_PATTERN = SESSION.replace("_", r"\_")
OURS = "0197a5f0-0000-7000-8000-000000000404"
WORD = "search_text LIKE %s"
AI_CALL = "(ai_call_id ILIKE %s) OR (ai_session_id ILIKE %s)"


@pytest.mark.parametrize(
    ("query", "sql", "params"),
    [
        ("", "TRUE", []),
        ("is:truncated", "flags @> %s::text[]", [["truncated"]]),
        ("is:[live,late]", "flags && %s::text[]", [["live", "late"]]),
        ("has:dtmf", "coalesce(dtmf, '') <> ''", []),
        ("no:[child,session]", "(NOT (child_call_sid IS NOT NULL)) OR (NOT (ai_call_id IS NOT NULL))", []),
        ("status:COMPLETED", "child_status = %s", ["completed"]),
        ("status:[busy,no_answer]", "child_status = ANY(%s)", [["busy", "no-answer"]]),
        ("verdict:ai_d*", "verdict = %s", ["ai_deaf"]),
        ("verdict:*", "verdict IS NOT NULL", []),
        ("confidence:>=medium", "verdict_confidence = ANY(%s)", [["medium", "high"]]),
        ("sip:200", "sip_response_code = %s", [200]),
        ("sip:4xx", "sip_response_code >= %s AND sip_response_code <= %s", [400, 499]),
        ("gap:>1m30s", "untranscribed_caller_speech_s > %s", [90.0]),
        ("gap:<500ms", "untranscribed_caller_speech_s < %s", [0.5]),
        ("response:>2s", "response_time_p50_s > %s", [2.0]),
        ("dead_air:>=1m", "longest_dead_air_s >= %s", [60.0]),
        ("talk_over:<500ms", "talk_over_s < %s", [0.5]),
        ("interruptions:>=3", "interruptions >= %s", [3]),
        ("interruptions:0", "interruptions = %s", [0]),
        ("duration:*", "parent_duration_s IS NOT NULL", []),
        ("started:-24h", "started_at >= %s", [NOW - timedelta(days=1)]),
        ("started:<now", "started_at < %s", [NOW]),
        (
            "ended:2026-04-12",
            "ended_at >= %s AND ended_at < %s",
            [datetime(2026, 4, 12, tzinfo=UTC), datetime(2026, 4, 13, tzinfo=UTC)],
        ),
        ("transcript:100%", SAID, [r"%100\%%"]),
        ("error:*", "cardinality(error_codes) > 0", []),
        ("from:+81*", "caller ILIKE %s", ["+81%"]),
        ('dtmf:"*"', "dtmf ILIKE %s", ["*"]),
        (
            "sid:CA1*",
            " OR ".join(f"({column} ILIKE %s)" for column in SIDS),
            ["CA1%"] * 4,
        ),
        ("topology:conference", "topology = %s", ["conference"]),
        ("answered_by:machine*", ANSWERED, ["machine%"]),
        ("answered_by:*", ANSWERED, ["%"]),
        ("Straße_", WORD, [r"%strasse\_%"]),
        ('"two words"', WORD, ["%two words%"]),
        (SID, KNOWN, [[SID]]),
        (f"-{SID}", f"({KNOWN}) IS NOT TRUE", [[SID]]),
        (f"{SID} OR sip:200 OR {SESSION}", f"({KNOWN}) OR (sip_response_code = %s)", [[SID, SESSION], 200]),
        (SESSION.replace("rtc_", "sess_"), KNOWN, [[SESSION.replace("rtc_", "sess_")]]),
        (OURS.upper(), KNOWN, [[OURS]]),
        (f"ai_call:{SESSION}", f"({KNOWN}) AND ({AI_CALL})", [[SESSION], SESSION_PATTERN, SESSION_PATTERN]),
        ("rtc_1", WORD, [r"%rtc\_1%"]),
        (f'"{SID}"', WORD, [f"%{SID.lower()}%"]),
        ("a sip:200", f"({WORD}) AND (sip_response_code = %s)", ["%a%", 200]),
        ("a OR -b", f"({WORD}) OR (({WORD}) IS NOT TRUE)", ["%a%", "%b%"]),
    ],
)
def test_a_query_is_this_sql(query, sql, params):
    assert where(query, NOW) == (sql, params)


@given(any_query)
def test_any_text_is_sql_without_its_values_or_an_error_with_its_place(text):
    try:
        sql, params = where(text, NOW)
    except QueryError as error:
        assert error.message
        assert 0 <= error.position <= error.position + error.length <= len(text)
        return
    assert sql.count("%s") == len(params)
    assert sql.replace("%s", "").count("%") == 0
    assert sql.isascii() and "9" * 20 not in sql


@pytest.mark.parametrize(
    ("query", "place", "suggestion"),
    [
        ("statsu:completed", (0, 6), "status"),
        ("a verdict:ai_silent", (10, 9), "ai_silent_first"),
        ("is:trunkated", (3, 9), "truncated"),
        ("has:recordng", (4, 8), "recording"),
        ("status:[busy,compleet]", (13, 8), "completed"),
        ("gap:5s..1s", (4, 6), "1s..5s"),
        ("verdict:>live", (8, 5), "live"),
        ("status:a..b", (7, 4), None),
        ("gap:long", (4, 4), None),
        ("gap:..5", (4, 3), None),
        ("gap:" + "9" * 30, (4, 30), None),
        ("sip:" + "9" * 30, (4, 30), None),
        ("sip:²", (4, 1), None),
        ("started:yesterday", (8, 9), None),
        ("started:2026-13-13", (8, 10), None),
        ("started:9999-12-31", (8, 10), None),
        ("started:0001-01-01T00:00+05:00", (8, 22), None),
        ("started:-" + "9" * 12 + "d", (8, 14), None),
        ("zzzz:1", (0, 4), None),
    ],
)
def test_what_makes_no_sense_is_named_with_its_place(query, place, suggestion):
    with pytest.raises(QueryError) as caught:
        where(query, NOW)
    assert (caught.value.position, caught.value.length) == place
    assert caught.value.suggestion == suggestion


def test_a_wrong_value_is_answered_with_the_values_there_are():
    with pytest.raises(QueryError, match="It knows: ai, caller, app, twilio, unknown"):
        where("ended_by:openai", NOW)
