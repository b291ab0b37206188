"""Fields of how a call was set up: which way the media took, where legs met, what tells of it."""

import pytest

from callstore.domain.facts import events as ev
from callstore.report.report import report
from tests.builders import AI, CHILD, PARENT, Story, answered_call
from tests.meetings import CONFERENCE, SESS, STREAM, conference, met, stream_call, streamed, trunk


def told(story, *names):
    document = report(story.records)
    return tuple(document[name] for name in names)


def offer(story, **fields):
    event = ev.SessionOffered(api="realtime", **fields)
    return story.add(f"openai:{AI}", event, "00:18:17", source="openai", precision=1000)


def twiml(*verbs):
    return Story().asked("00:18:00.1").answered("00:18:00.2", *verbs, path="/voice", asked="voice")


def alone():
    story = Story().leg(CHILD, "in-progress", "00:18:20", direction="outbound-api", called="sip:p@o.example")
    story.leg(CHILD, "completed", "00:18:50", direction="outbound-api", sequence=3)
    return offer(story, child=CHILD)


@pytest.mark.parametrize(
    ("story", "topology"),
    [
        (answered_call(), "sip_dial"),
        (twiml("Start", "Stream", "Dial", "Sip"), "sip_dial"),
        (twiml("Dial", "Sip"), "sip_dial"),
        (twiml("Say", "Dial", "Conference"), "conference"),
        (twiml("Say", "Connect", "Stream", "Parameter"), "media_streams"),
        (twiml("Dial", "Number"), None),
        (twiml("Start", "Stream", "Gather"), None),
        (conference(), "conference"),
        (offer(Story(), child=CHILD, headers=("X-ConferenceName",)), "conference"),
        (offer(Story(), child=CHILD, parent=PARENT), "sip_dial"),
        (stream_call(), "media_streams"),
        (trunk(), "elastic_trunk"),
        (trunk(host=None), "elastic_trunk"),
        (trunk(host="sip.twilio.com"), None),
        (offer(Story(), came_from="sip.example.com"), None),
        (alone(), "direct"),
        (Story(), None),
    ],
)
def test_a_topology_is_what_facts_tell_and_nothing_where_they_do_not(story, topology):
    assert told(story, "topology") == (topology,)


def test_a_dialled_call_that_goes_on_in_a_conference_with_a_person_stays_a_dialled_one():
    story = answered_call(parent_end="00:20:00")
    met(story, PARENT, "joined", "00:18:55", 2)
    assert told(story, "topology", "conference_sid") == ("sip_dial", CONFERENCE)


def test_a_conference_has_its_sid_and_its_legs_which_are_no_orphans():
    document = report(conference().records)
    assert (document["conference_sid"], document["parent_call_sid"], document["child_call_sid"]) == (
        CONFERENCE, PARENT, CHILD,
    )  # fmt: skip
    [part] = document["conferences"]
    assert [p["leg"] for p in part["participants"]] == [PARENT, CHILD]
    assert "orphan" not in document["flags"]


def test_a_streamed_call_has_its_stream_its_session_and_its_errors():
    story = streamed(stream_call(), "error", "00:18:59.5", error_code="31921")
    assert told(story, "stream_sid", "ai_call_id", "ai_session_id", "child_call_sid", "error_codes") == (
        STREAM, SESS, SESS, None, ["31921"],
    )  # fmt: skip


def test_a_leg_that_was_placed_alone_and_a_trunk_lack_no_callers_leg():
    for story in (alone(), trunk().socket_closed("00:18:52", 1000, received=1000)):
        assert "orphan" not in told(story, "flags")[0]
    assert "orphan" in told(trunk(host="sip.twilio.com"), "flags")[0]


def test_model_version_region_and_edge_are_as_facts_tell_them():
    story = conference()
    story.add(f"openai:{AI}", ev.AppSaid(what="log", version="2026.11.1"), "00:18:25", source="app")
    summary = ev.LegSummarised(processing="complete", edge="dublin", region="ie1")
    story.add(f"twilio:{CHILD}", summary, "00:30:00")
    assert told(story, "ai_model", "agent_version", "region", "edge", "agent_name") == (
        "gpt-r", "2026.11.1", "ie1", "dublin", None,
    )  # fmt: skip


def test_the_agent_is_named_by_its_application_else_by_the_session_its_invite_or_the_url_that_was_asked():
    asked = conference()
    asked.add(f"twilio:{PARENT}", ev.FlowAsked(path="/voice", agent="by-url"), "00:18:00")
    assert told(asked, "agent_name") == ("by-url",)
    offered = ev.SessionOffered(api="realtime", child=CHILD, agent="by-invite", agent_version="1")
    asked.add(f"openai:{AI}", offered, "00:18:17.5")
    assert told(asked, "agent_name", "agent_version") == ("by-invite", "1")
    asked.frame(ev.SessionConfigured, "00:18:24", kind="session.updated", agent="by-tracing")
    assert told(asked, "agent_name", "agent_version") == ("by-tracing", "1")
    for agent, moment in (("first", "00:18:30"), ("second", "00:18:40")):
        asked.add(f"openai:{AI}", ev.AppSaid(what="log", agent=agent), moment, source="app")
    assert told(asked, "agent_name") == ("second",)


def test_an_address_may_ask_for_an_edge_and_a_region_that_nobody_measured():
    story = Story().child("in-progress", "00:18:20", called="sip:p@o.example;Edge=ashburn;region=us1")
    assert told(story, "edge", "region") == ("ashburn", "us1")
    assert told(answered_call(), "edge", "region") == (None, None)


def test_who_picked_up_is_shown_with_its_leg():
    story = conference().add(f"twilio:{PARENT}", ev.AnswererFound(answered_by="machine_end_beep"), "00:18:20")
    legs = {leg["sid"]: leg["answered_by"] for leg in report(story.records)["legs"]}
    assert legs == {PARENT: "machine_end_beep", CHILD: None}


def test_an_ai_leg_whose_webhook_was_lost_is_the_one_that_our_account_placed_to_a_sip_address():
    story = conference()
    story.records = [r for r in story.records if r.subject != f"openai:{AI}"]
    assert told(story, "parent_call_sid", "child_call_sid") == (PARENT, CHILD)
