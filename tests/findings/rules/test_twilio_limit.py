import pytest

from callstore.domain.facts import events as ev
from tests.builders import CHILD, Story
from tests.findings.stories import conversation, finished, left
from tests.judging import interval, rests_on


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


def test_rests_on_the_leg_and_the_twiml_that_dialled(find):
    story = _dialled(conversation(), 30)
    finding = find("twilio_limit", story)
    assert rests_on(story, finding) == [
        "leg.status 00:18:23", "flow.answered 00:18:16", "leg.status 00:18:52"
    ]  # fmt: skip
    assert interval(finding) == ("00:18:23", "00:18:52.500")
    assert (finding.missing, "the timeLimit of our <Dial> (30 s)" in finding.says) == ((), True)


@pytest.mark.parametrize(("limit", "reached"), [(27, False), (28, True), (30, True), (31, False)])
def test_twilio_counts_whole_seconds_at_both_ends(find, limit, reached):
    assert (find("twilio_limit", _dialled(conversation(), limit)) is not None) == reached


def test_a_dial_without_a_limit_of_ours_has_twilios(find):
    story = _dialled(conversation(), None).child("completed", "00:18:52", sequence=4, duration_s=14_400)
    finding = find("twilio_limit", story)
    assert (finding.certainty, "own limit of 14400 s" in finding.says) == ("shown", True)


def test_of_several_answers_the_last_that_dialled_counts(find):
    story = _dialled(conversation(), 300)
    story.answered("00:18:16.5", "Dial", path="/again", asked="voice", time_limit_s=29)
    story.answered("00:18:52.5", "Hangup", time_limit_s=300)
    assert "flow.answered 00:18:16.500" in rests_on(story, find("twilio_limit", story))


def test_claims_nothing_where_no_length_is_known(find):
    story = Story().child("in-progress", "00:18:23", sequence=2).child("completed", "00:18:52", sequence=3)
    assert find("twilio_limit", _dialled(story, 29)) is None
    assert find("twilio_limit", Story().asked("00:17:52").parent("completed", "00:18:10", sequence=0)) is None


def test_a_leg_whose_answer_is_not_known_begins_nowhere(find):
    story = _dialled(Story(), 29).child("completed", "00:18:52", sequence=3, duration_s=29)
    assert interval(find("twilio_limit", story)) == (None, "00:18:52.500")
