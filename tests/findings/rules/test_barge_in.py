from callstore.domain.facts import events as ev
from tests.findings.stories import conversation, cut_off
from tests.judging import interval, rests_on


def _cancelled(reason):
    story = conversation().frame(ev.ReplyStarted, "00:18:34", response="r")
    return story.frame(ev.ReplyFinished, "00:18:36", response="r", status="cancelled", reason=reason)


def test_fires_when_the_caller_speaks_over_the_agent(find, verdict):
    story = _cancelled("turn_detected").frame(ev.PlaybackChanged, "00:18:36.1", response="r", state="cleared")
    assert find("barge_in", story).certainty == "shown"
    assert verdict(story).cause != "barge_in"


def test_stays_silent_when_the_application_cancelled(find):
    assert find("barge_in", _cancelled("client_cancelled")) is None


def test_stays_silent_for_a_call_without_it(find):
    assert find("barge_in", cut_off()) is None


def test_admits_that_it_did_not_see_the_audio_cut(find):
    finding = find("barge_in", _cancelled("turn_detected"))
    assert (finding.certainty, finding.missing) == ("consistent", ("output_audio_buffer.cleared",))


def test_rests_on_the_replies_that_were_cut_and_on_the_sound_that_was_cleared(find):
    story = _cancelled("turn_detected").frame(ev.PlaybackChanged, "00:18:36.1", response="r", state="cleared")
    story.frame(ev.ReplyFinished, "00:18:44", response="r2", status="cancelled", reason="turn_detected")
    finding = find("barge_in", story)
    assert rests_on(story, finding) == [
        "reply.finished 00:18:36", "reply.finished 00:18:44", "playback.changed 00:18:36.100"
    ]  # fmt: skip
    assert interval(finding) == ("00:18:36", "00:18:44")
    assert finding.missing == ()


def test_stays_silent_for_a_reply_that_was_only_too_short_for_its_end(find):
    story = conversation().frame(
        ev.ReplyFinished, "00:18:36", response="r", status="incomplete", reason="turn_detected"
    )
    assert find("barge_in", story) is None
