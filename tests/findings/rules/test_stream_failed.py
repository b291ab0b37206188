import pytest

from callstore.domain.facts import events as ev
from tests.builders import PARENT, Story
from tests.findings.stories import ZERO, conversation
from tests.judging import interval, rests_on

STREAM = "MZ" + "1" * 32


def _call(end="00:18:20") -> Story:
    story = (
        Story().asked("00:18:17").answered("00:18:17.2", "Connect", "Stream", path="/voice", asked="voice")
    )
    return story.parent("completed", end, sequence=0, duration_s=3)


def _stream(story: Story, state: str, clock: str, stream=STREAM, code: str | None = None) -> Story:
    event = ev.StreamStatus(stream=stream, state=state, error_code=code)
    return story.add(f"twilio:{PARENT}", event, clock)


def _warned(story: Story, code: str, clock="00:18:18", level="error") -> Story:
    return story.add(f"twilio:{PARENT}", ev.ProviderWarned(level=level, code=code), clock, precision=1000)


@pytest.mark.parametrize("code", ["31920", "31910", None])
def test_fires_when_the_handshake_was_refused(find, verdict, code):
    story = _stream(_call(), "error", "00:18:18.4", code=code)
    assert find("stream_failed", story).certainty == "shown"
    assert (verdict(story).verdict, verdict(story).cause) == ("never_connected", "stream_failed")


def test_fires_by_the_debugger_alone(find):
    assert find("stream_failed", _warned(_call(), "31920")).says == (
        "The media stream was refused (Twilio error 31920)."
    )


def test_fires_when_the_stream_broke_before_a_word(find):
    story = _stream(_stream(_call("00:18:30"), "started", "00:18:18"), "error", "00:18:21", code="31921")
    assert "broken before a word" in find("stream_failed", story).says


@pytest.mark.parametrize(("clock", "fires"), [("00:18:28", True), ("00:18:28.1", False)])
def test_claims_nothing_of_what_was_said_in_a_longer_stream_that_nobody_watched(find, clock, fires):
    story = _stream(_stream(_call("00:18:40"), "started", "00:18:18"), "error", clock, code="31921")
    assert (find("stream_failed", story) is not None) == fires


def _watched(story: Story) -> Story:
    return story.offered("00:18:18", parent=PARENT).frame(ev.SessionConfigured, "00:18:18.5", session="s")


def test_a_longer_stream_that_was_watched_and_carried_no_word_will_do(find):
    story = _stream(_watched(_call("00:18:50")), "started", "00:18:18")
    assert find("stream_failed", _stream(story, "error", "00:18:40", code="31921"))


def test_stays_silent_when_somebody_had_spoken(find):
    story = _stream(_watched(_call("00:18:50")), "started", "00:18:18")
    story = story.turn("item_1", "00:18:30", "00:18:33", ZERO, "Hello.")
    assert find("stream_failed", _stream(story, "error", "00:18:40", code="31921")) is None
    spoken = _stream(_stream(_call("00:18:30"), "started", "00:18:18"), "error", "00:18:24", code="31921")
    assert (
        find("stream_failed", spoken.heard("00:18:18", "00:18:24", agent=[("00:18:19", "00:18:23")])) is None
    )


def test_stays_silent_for_a_stream_that_ended_as_it_should(find):
    story = _stream(_stream(_call("00:18:30"), "started", "00:18:18"), "stopped", "00:18:29")
    assert find("stream_failed", story) is None


def test_stays_silent_when_another_try_was_not_refused(find):
    story = _stream(_warned(_call("00:18:50"), "31920"), "error", "00:18:18.4", code="31920")
    again = _stream(story, "started", "00:18:21", stream="MZ" + "2" * 32)
    assert find("stream_failed", again) is None


def test_stays_silent_for_a_fork_beside_the_ais_leg(find):
    assert find("stream_failed", _stream(conversation(), "error", "00:18:24", code="31920")) is None


@pytest.mark.parametrize(("code", "level"), [("31951", "warning"), ("13224", "error"), ("3192", "error")])
def test_stays_silent_for_other_warnings(find, code, level):
    assert find("stream_failed", _warned(_call(), code, level=level)) is None


def test_claims_nothing_while_the_call_runs(find):
    story = Story().asked("00:18:17")
    assert find("stream_failed", _stream(story, "error", "00:18:18", code="31920")) is None


def test_admits_that_the_number_of_the_error_is_missing(find):
    finding = find("stream_failed", _stream(_call(), "error", "00:18:18.4"))
    assert finding.missing == ("the error's number (Twilio's debugger)",)


def test_rests_on_the_stream_the_warning_and_the_end(find):
    story = _warned(_stream(_call(), "error", "00:18:18.4", code="31920"), "31920")
    finding = find("stream_failed", story)
    assert rests_on(story, finding) == [
        "stream.status 00:18:18.400", "provider.warned 00:18:18", "leg.status 00:18:20"
    ]  # fmt: skip
    assert interval(finding) == ("00:18:18.400", "00:18:20.500")
