"""An application names its agent where it has a place for it; what is no such name is none."""

import pytest

from ingest.dialects.agents import Agent, agent
from tests.ingest import deliveries as given


@pytest.mark.parametrize(
    ("told", "named"),
    [
        ({"agent": "booking"}, Agent("booking", None)),
        ({"agent": {"name": "booking", "version": 7}}, Agent("booking", "7")),
        (
            {"agent_name": "Booking line 2", "agent_version": "2026.11.1"},
            Agent("Booking line 2", "2026.11.1"),
        ),
        ({"X-Agent": "予約", "x-agent-version": "v3"}, Agent("予約", "v3")),
        ({"version": "3"}, Agent(None, None)),
        ({"agent": "+815000000123"}, Agent(None, None)),
        ({"agent": "sip:jo@x.example"}, Agent(None, None)),
        ({"agent": "Say hello to the caller, ask for the name, and then" + " go on" * 9}, Agent(None, None)),
        ({"agent": ["booking"]}, Agent(None, None)),
        ({}, Agent(None, None)),
    ],
)
def test_a_name_is_a_short_label_and_never_a_number_or_an_address(told, named):
    assert agent(told) == named


@pytest.mark.parametrize(
    ("session", "named"),
    [
        ({"tracing": {"workflow_name": "booking", "metadata": {"agent_version": "7"}}}, ("booking", "7")),
        ({"tracing": {"workflow_name": "voice", "metadata": {"agent": "booking"}}}, ("booking", None)),
        ({"tracing": "auto", "prompt": {"id": "pmpt_1", "version": "12"}}, (None, "12")),
        ({"tracing": None, "prompt": None}, (None, None)),
    ],
)
def test_a_session_names_it_by_its_tracing_and_its_version_by_its_prompt(session, named):
    event = {"type": "session.updated", "session": {"id": "sess_1", **session}}
    [draft] = given.facts(given.cloud(given.frame(event)))
    assert (draft.event.agent, draft.event.agent_version) == named


def test_an_offer_names_it_by_the_headers_of_its_invite():
    headers = [
        ("From", "<sip:+815000000123@sip.twilio.com>"),
        ("X-Agent", "booking"),
        ("X-Agent-Version", "7"),
    ]
    [draft] = given.facts(given.webhook(call_id="rtc_u1_one", headers=headers))
    assert (draft.event.agent, draft.event.agent_version) == ("booking", "7")


def test_the_application_names_it_in_what_it_says():
    data = {"call_id": "rtc_u1_a", "agent": "booking", "version": "2026.11.1"}
    [draft] = given.facts(given.cloud(given.event("app.log", data)))
    assert (draft.event.agent, draft.event.version) == ("booking", "2026.11.1")
    [draft] = given.facts(
        given.cloud(given.event("app.log", {**data, "version": None, "agent_version": "8"}))
    )
    assert draft.event.version == "8"


def test_a_request_for_twiml_names_it_in_the_query_of_its_url():
    words = {"CallSid": given.sid(), "CallStatus": "ringing"}
    [draft] = given.facts(given.form("/hooks/twilio/voice?agent=booking", **words))
    assert draft.event.agent == "booking"
