"""A query's text and the SQL that is made of it, its values always as parameters."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given

from callstore.projection.words.find import Asked
from callstore.search.compile import where
from callstore.search.conditions import ANSWERED, KNOWN
from callstore.search.errors import QueryError
from tests.search.test_parser import queries as any_query

NOW = datetime(2026, 4, 13, 12, 0, tzinfo=UTC)
SID = "CA" + "1" * 32
SIDS = ("parent_call_sid", "child_call_sid", "conference_sid", "stream_sid")
SESSION = "rtc_u7_F06GMK1FUlkIxd0E03Vmq"
SESSION_PATTERN = SESSION.replace("_", r"\_")
OURS = "0197a5f0-0000-7000-8000-000000000404"
WORD = "spoken @@ %s"
NUMBERS = "(caller ILIKE %s) OR (called ILIKE %s)"
AI_CALL = "(ai_call_id ILIKE %s) OR (ai_session_id ILIKE %s)"
ACROSS = (
    "call_id = ANY(ARRAY(SELECT call_id FROM neighbour WHERE findings <> '[]' AND findings @? %s::jsonpath))"
)


def patterns(words):
    """Words found by their patterns, as no index is asked here."""
    return Asked(WORD, [[pattern.like for word in words for pattern in word]])


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
        ("ai_api:live", "ai_api = %s", ["live"]),
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
        ("transcript:100%", WORD, [[r"%100\%%", r"%100\%%"]]),
        ('caller:"a refund"', WORD, [["% a refund%"]]),
        ("agent_said:予約", WORD, [["%予約%"]]),
        ("agent_said:book*ing", WORD, [["%book%ing%"]]),
        ("caller:[yes,no]", f"({WORD}) OR ({WORD})", [["%yes%"], ["% no%"]]),
        ("finding:barge_in", "findings && %s::text[]", [["barge_in"]]),
        (
            "finding:timer_cluster",
            f"(findings && %s::text[]) OR ({ACROSS})",
            [["timer_cluster"], '$[*] ? (@.slug == "timer_cluster")'],
        ),
        (
            "incident:*",
            "call_id = ANY(ARRAY(SELECT call_id FROM neighbour WHERE incidents <> '[]'))",
            [],
        ),
        ("lag:>1m", "detection_lag_s > %s", [60.0]),
        ("source:recording", "sources @> %s::text[]", [["recording"]]),
        ("tool:Finish", "tools && %s::text[]", [["Finish", "finish"]]),
        ("tool:fin*", "EXISTS (SELECT FROM unnest(tools) AS entry WHERE entry ILIKE %s)", ["fin%"]),
        ("lang:*", "cardinality(languages) > 0", []),
        ("number:+81*", f"({WORD}) AND ({NUMBERS})", [["%+81%%"], "+81%", "+81%"]),
        ("ai_call:rtc_1*", f"({WORD}) AND ({AI_CALL})", [[r"%rtc\_1%%"], r"rtc\_1%", r"rtc\_1%"]),
        ("error:*", "cardinality(error_codes) > 0", []),
        ("from:+81*", f"({WORD}) AND (caller ILIKE %s)", [["%+81%%"], "+81%"]),
        ("from:+8*", "caller ILIKE %s", ["+8%"]),
        ("from:anonymous", f"({WORD}) AND (caller ILIKE %s)", [["%anonymous%"], "anonymous"]),
        (
            "session:sess_zz*",  # letters alone, too: what no id has is known before any call is read
            f"({WORD}) AND ((ai_session_id ILIKE %s) OR (ai_call_id ILIKE %s))",
            [[r"%sess\_zz%%"], r"sess\_zz%", r"sess\_zz%"],
        ),
        ("from:[+81*,+49*]", "(caller ILIKE %s) OR (caller ILIKE %s)", ["+81%", "+49%"]),
        ('dtmf:"*"', "dtmf ILIKE %s", ["*"]),
        (
            "sid:CA1*",
            f"({WORD}) AND ({' OR '.join(f'({column} ILIKE %s)' for column in SIDS)})",
            [["%ca1%%"], *["CA1%"] * 4],
        ),
        ("topology:conference", "topology = %s", ["conference"]),
        ("answered_by:machine*", ANSWERED, ["machine%"]),
        ("answered_by:*", ANSWERED, ["%"]),
        ("Straße_", WORD, [[r"%strasse\_%"] * 2]),
        ('"two words"', WORD, [["%two words%"] * 2]),
        (SID, KNOWN, [[SID]]),
        (f"-{SID}", f"({KNOWN}) IS NOT TRUE", [[SID]]),
        (f"{SID} OR sip:200 OR {SESSION}", f"({KNOWN}) OR (sip_response_code = %s)", [[SID, SESSION], 200]),
        (SESSION.replace("rtc_", "sess_"), KNOWN, [[SESSION.replace("rtc_", "sess_")]]),
        (OURS.upper(), KNOWN, [[OURS]]),
        (f"ai_call:{SESSION}", f"({KNOWN}) AND ({AI_CALL})", [[SESSION], SESSION_PATTERN, SESSION_PATTERN]),
        ("rtc_1", WORD, [[r"%rtc\_1%"] * 3]),
        (f'"{SID}"', WORD, [[f"%{SID.lower()}%"] * 3]),
        ("a sip:200", f"(sip_response_code = %s) AND ({WORD})", [200, ["% a%"] * 2]),
        ("ab cd", WORD, [["% ab%"] * 2 + ["% cd%"] * 2]),
        ("a OR -b", f"({WORD}) OR (({WORD}) IS NOT TRUE)", [["% a%"] * 2, ["% b%"] * 2]),
    ],
)
def test_a_query_is_this_sql(query, sql, params):
    assert where(query, NOW, patterns) == (sql, params)


@given(any_query)
def test_any_text_is_sql_without_its_values_or_an_error_with_its_place(text):
    try:
        sql, params = where(text, NOW, patterns)
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
        ("caler:yes", (0, 5), "caller"),
        ("agent_sayd:yes", (0, 10), "agent_said"),
        ("caller:>a", (7, 2), "a"),
        ("finding:barge-inn", (8, 9), "barge_in"),
        ("source:recordings", (7, 10), "recording"),
        ("lag:long", (4, 4), None),
        ("tool:>a", (5, 2), "a"),
        ("lang:a..b sip:>=x", (16, 1), None),
        ("incident:>openai", (9, 7), "openai"),
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
