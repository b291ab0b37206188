from callstore.domain.facts import events as ev
from tests.builders import CHILD
from tests.findings.stories import conversation, finished, left


def _dialled(story, limit):
    return story.answered("00:18:16", "Dial", "Sip", path="/voice", asked="voice", time_limit_s=limit)


def test_fires_when_the_leg_lasted_as_long_as_our_dial_allowed(find, verdict):
    story = _dialled(conversation(), 30)
    assert find("twilio_limit", story).certainty == "shown"
    result = verdict(story)
    assert (result.verdict, result.cause, result.ended_first_by) == (
        "limit_reached",
        "twilio_limit",
        "twilio",
    )


def test_stays_silent_for_a_leg_that_ended_two_seconds_earlier(find):
    assert find("twilio_limit", _dialled(conversation(), 31)) is None


def test_stays_silent_when_somebody_ended_it_just_then(find):
    assert find("twilio_limit", _dialled(finished(), 29)) is None
    assert find("twilio_limit", _dialled(left(), 29)) is None


def test_stays_silent_when_the_ai_sent_the_bye(find):
    story = _dialled(conversation(), 29)
    event = ev.LegSummarised(processing="complete", disconnected_by="callee")
    assert find("twilio_limit", story.add(f"twilio:{CHILD}", event, "00:30:00")) is None


def test_admits_that_it_has_not_seen_the_twiml(find):
    story = conversation().child("completed", "00:18:52", sequence=4, duration_s=14_400)
    finding = find("twilio_limit", story)
    assert (finding.certainty, finding.missing) == ("consistent", ("the TwiML that dialled",))
