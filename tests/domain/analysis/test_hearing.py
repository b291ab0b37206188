"""Three witnesses on one clock: whatever the recording, nothing is claimed that it does not show."""

from dataclasses import replace

import pytest

from callstore.domain.analysis.hearing import hear
from callstore.domain.call.fold import fold
from callstore.domain.facts import events as ev
from callstore.domain.facts.spans import total
from callstore.report.report import report
from tests.builders import PARENT, RECORDING, Story, answered_call, at, clock
from tests.findings.stories import ZERO, conversation, cut_off

TURNS = ("00:18:28", "00:18:31"), ("00:18:36", "00:18:40")
SAID = ("00:18:32", "00:18:35"), ("00:18:41", "00:18:44")
TEXT = "All of it was written down."


def talk() -> Story:
    """Two turns with their text, and two replies that were played."""
    story = answered_call().dial_action("00:18:52.4")
    for item, (start, stop) in enumerate(TURNS):
        story.turn(f"item_{item}", start, stop, ZERO, TEXT)
    for response, (start, stop) in enumerate(SAID):
        story.frame(ev.PlaybackChanged, start, response=f"r{response}", state="started")
        story.frame(ev.PlaybackChanged, stop, response=f"r{response}", state="stopped")
    return story


def heard(story: Story):
    return hear(fold(story.records))


def moved(spans, by):
    return [(clock(at(s) % 86400 + by), clock(at(e) % 86400 + by)) for s, e in spans]


def test_channels_the_wrong_way_round_are_found_and_read_the_right_way():
    document = report(talk().heard("00:18:23", "00:18:52", *SAID, agent=TURNS).records)
    assert document["recordings"][0]["channels_swapped"]
    assert document["untranscribed_caller_speech_s"] == 0
    assert document["caller_speech_s"] == pytest.approx(7.0, abs=0.1)


def test_channels_that_are_right_stay_as_they_are():
    for story in (talk().heard("00:18:23", "00:18:52", *TURNS, agent=SAID), cut_off()):
        assert not heard(story).swapped


def nudged(story, seconds, clock="00:20:00"):
    event = ev.RecordingNudged(recording=RECORDING, seconds=seconds, by="token")
    return story.add(f"twilio:{PARENT}", event, clock, source="operator")


def test_a_nudge_moves_the_recording_and_its_speech_from_where_it_was_aligned():
    [plain] = report(talk().heard("00:18:23", "00:18:52", *TURNS, agent=SAID).records)["recordings"]
    story = talk().heard("00:18:23", "00:18:52", *TURNS, agent=SAID)
    [moved_] = report(nudged(story, 0.75).records)["recordings"]
    assert (plain["nudged_s"], moved_["nudged_s"]) == (0, 0.75)
    assert moved_["start_s"] - plain["start_s"] == pytest.approx(0.75)
    assert moved_["caller"][0][0] - plain["caller"][0][0] == pytest.approx(0.75)


def test_the_last_nudge_stands_and_none_takes_it_back():
    story = nudged(nudged(talk().heard("00:18:23", "00:18:52", *TURNS, agent=SAID), 5.0), -0.5, "00:21:00")
    assert report(story.records)["recordings"][0]["nudged_s"] == -0.5
    assert (
        heard(nudged(story, 0.0, "00:22:00")).recording_start
        == heard(talk().heard("00:18:23", "00:18:52", *TURNS, agent=SAID)).recording_start
    )


def test_a_nudge_long_after_the_call_makes_nothing_of_it_late():
    story = nudged(talk().heard("00:18:23", "00:18:52", *TURNS, agent=SAID), 0.5, "23:00:00")
    before, after = fold(story.records[:-1]), fold(story.records)
    assert (after.last_received_at, after.latest_arrival_s) == (
        before.last_received_at,
        before.latest_arrival_s,
    )


def test_what_was_heard_in_a_recording_stays_when_its_sound_is_removed():
    def told():
        return talk().heard("00:18:23", "00:18:52", *TURNS, agent=SAID)

    before = report(nudged(told(), 0.0, "23:00:00").records)
    event = ev.RecordingRemoved(recording=RECORDING, after_days=30)
    after = report(told().add(f"twilio:{PARENT}", event, "23:00:00", source="operator").records)
    [had], [has] = before.pop("recordings"), after.pop("recordings")
    assert had["media"] and not had["removed_at"]
    assert (has["media"], has["state"], has["peaks"]) == (None, "present", had["peaks"])
    assert "T23:00:00" in has["removed_at"]
    assert after == before


def test_a_mute_agent_and_an_echo_do_not_look_like_swapped_channels():
    assert not heard(talk().heard("00:18:23", "00:18:52", *TURNS)).swapped
    echoed = talk().heard("00:18:23", "00:18:52", *TURNS, *SAID, agent=SAID, echo=SAID)
    assert not heard(echoed).swapped and total(heard(echoed).untranscribed) == 0


def test_what_was_said_before_the_ai_leg_is_not_counted():
    menu = ("00:17:55", "00:18:05")
    document = report(talk().heard("00:17:52", "00:18:52", menu, *TURNS, agent=SAID).records)
    assert document["caller_speech_s"] == pytest.approx(7.0, abs=0.1)
    assert document["untranscribed_caller_speech_s"] == 0


def test_what_was_said_after_the_ai_leg_is_not_counted():
    later = ("00:18:58", "00:19:10")
    document = report(talk().heard("00:18:23", "00:19:20", *TURNS, later, agent=SAID).records)
    assert document["untranscribed_caller_speech_s"] == 0
    assert "truncated" not in document["flags"]


def test_a_recording_that_stops_early_says_nothing_of_the_end():
    story = conversation().heard("00:18:23", "00:18:46", ("00:18:30", "00:18:33"), ("00:18:41", "00:18:46"))
    document = report(story.records)
    assert not heard(story).hears_the_end
    assert "truncated" not in document["flags"] and document["truncation_basis"] is None
    assert any("stops" in reason for reason in document["evidence_missing"])
    assert document["caller_speech_end_to_child_end_s"] is None


@pytest.mark.parametrize("off", [-40.0, -9.0, -1.0, 0.4, 1.2, 9.0, 40.0])
def test_a_clock_that_is_off_is_found_by_the_turns(off):
    """The application's clock is ahead of Twilio's, which stamped the recording."""
    story = talk().heard("00:18:23", "00:18:52", *moved(TURNS, -off), agent=moved(SAID, -off))
    assert heard(story).offset_s == pytest.approx(off - 0.5, abs=0.05)
    assert report(story.records)["untranscribed_caller_speech_s"] == 0


def test_turns_of_even_length_are_not_laid_on_their_neighbours():
    """A clock 8 s behind, and a turn of 3 s every 8 s: only what the agent said tells which is which."""
    turns = [(f"00:18:{s:02d}", f"00:18:{s + 3:02d}") for s in (26, 34, 42)]
    said = ("00:18:30", "00:18:33.5"), ("00:18:38.6", "00:18:40.4")
    story = answered_call(child_end="00:18:59", parent_end="00:18:59").dial_action("00:18:59.4")
    for number, (start, stop) in enumerate(turns):
        story.turn(f"item_{number}", start, stop, ZERO, TEXT)
    for response, (start, stop) in enumerate(said):
        story.frame(ev.PlaybackChanged, start, response=f"r{response}", state="started")
        story.frame(ev.PlaybackChanged, stop, response=f"r{response}", state="stopped")
    story.heard("00:18:23", "00:18:59", *moved(turns, 8.2), agent=moved(said, 8.2))
    assert heard(story).offset_s == pytest.approx(-8.7, abs=0.1)


def test_a_turn_that_nobody_closed_does_not_pull_the_recording():
    story = talk().frame(ev.SpeechStarted, "00:18:46.2", item="item_9", audio_ms=22_400.0)
    story.heard("00:18:23", "00:18:52", *moved(TURNS, 0.5), agent=moved(SAID, 0.5))
    assert heard(story).aligned and heard(story).offset_s == pytest.approx(-1.0, abs=0.05)


def test_swapped_channels_of_an_agent_that_is_mute_in_part_are_found_by_the_callers_turns():
    story = talk().frame(ev.PlaybackChanged, "00:18:45.5", response="r9", state="started")
    story.frame(ev.PlaybackChanged, "00:18:51.5", response="r9", state="stopped")
    assert heard(story.heard("00:18:23", "00:18:52", *SAID, agent=TURNS)).swapped


def test_an_agent_whose_echo_opens_turns_does_not_look_like_swapped_channels():
    """Its own voice comes back, and its detector takes it for the caller."""
    story = answered_call().dial_action("00:18:52.4")
    for number, (start, stop) in enumerate(SAID):
        story.turn(f"item_{number}", start, stop, ZERO)
        story.frame(ev.PlaybackChanged, start, response=f"r{number}", state="started")
        story.frame(ev.PlaybackChanged, stop, response=f"r{number}", state="stopped")
    late = moved(SAID, 0.2)
    assert not heard(story.heard("00:18:23", "00:18:52", *late, agent=SAID, echo=late)).swapped


def test_swapped_channels_of_a_caller_who_said_nothing_are_found_by_the_agents_voice():
    story = answered_call().dial_action("00:18:52.4")
    for response, (start, stop) in enumerate(SAID):
        story.frame(ev.PlaybackChanged, start, response=f"r{response}", state="started")
        story.frame(ev.PlaybackChanged, stop, response=f"r{response}", state="stopped")
    assert heard(story.heard("00:18:23", "00:18:52", *SAID)).swapped
    assert not heard(talk().heard("00:18:23", "00:18:52", *TURNS, agent=SAID)).swapped


def test_one_turn_alone_is_not_laid_on_speech_that_is_far_away():
    story = conversation().heard("00:18:23", "00:18:52", ("00:18:40", "00:18:43"))
    assert not heard(story).aligned


def test_turns_are_not_laid_on_speech_that_is_none_of_theirs():
    strange = ("00:18:24", "00:18:24.4"), ("00:18:33", "00:18:34"), ("00:18:45", "00:18:51")
    assert not heard(talk().heard("00:18:23", "00:18:52", *strange)).aligned


def test_one_channel_of_the_inbound_track_is_the_caller():
    story = cut_off()
    records = [
        replace(r, event=replace(r.event, channels=1, **({"track": "inbound"} if "Status" in kind else {})))
        if (kind := type(r.event).__name__).startswith("Recording")
        else r
        for r in story.records
    ]
    assert report(records)["untranscribed_caller_speech_s"] == pytest.approx(11.0, abs=0.3)


def test_without_any_event_of_the_ai_nobody_knows_what_was_written_down():
    story = answered_call().dial_action("00:18:52.4").api("00:18:22", "accept")
    document = report(story.heard("00:18:23", "00:18:52", *TURNS).records)
    assert (document["gap_kind"], document["untranscribed_caller_speech_s"]) == ("unknown", None)
    assert "truncated" not in document["flags"]


def test_speech_that_runs_to_the_end_is_a_cut_even_where_nobody_watched_the_ai():
    story = answered_call().dial_action("00:18:52.4").api("00:18:22", "accept")
    document = report(story.heard("00:18:23", "00:18:52", *TURNS, ("00:18:48", "00:18:52")).records)
    assert ("truncated" in document["flags"], document["truncation_basis"]) == (True, "recording")


def test_what_the_room_gives_back_of_the_agent_is_not_the_caller():
    """Most echo is known by its shape; the rest lies where the agent speaks and the AI hears nobody."""
    left = moved(SAID, 0.2)
    story = talk().heard("00:18:23", "00:18:52", *sorted([*TURNS, *left]), agent=SAID)
    assert report(story.records)["untranscribed_caller_speech_s"] == 0
    assert total(heard(story).bleed) == pytest.approx(6.0, abs=0.5)


def test_a_caller_who_speaks_over_the_agent_on_a_line_without_echo_is_the_caller():
    over = ("00:18:43.5", "00:18:45")
    story = talk().heard("00:18:23", "00:18:52", *TURNS, over, agent=SAID)
    assert heard(story).bleed == []
    assert total(heard(story).not_heard) == pytest.approx(1.5, abs=0.1)
    echoed = talk().heard("00:18:23", "00:18:52", *TURNS, SAID[0], over, agent=SAID, echo=SAID[:1])
    assert total(heard(echoed).bleed) == pytest.approx(1.0, abs=0.1)


def test_what_only_the_ai_heard_of_a_turn_is_the_callers_too():
    """Our detector missed the first word of the second turn, and one in its middle."""
    missed = ("00:18:36.6", "00:18:37.5"), ("00:18:38.3", "00:18:40")
    story = talk().heard("00:18:23", "00:18:52", TURNS[0], *missed, agent=SAID)
    assert total(heard(story).caller) == pytest.approx(7.0, abs=0.05)


def test_a_turn_that_our_detector_hardly_heard_is_not_taken_for_speech():
    """The AI's detector may open for a noise."""
    story = talk().turn("item_9", "00:18:46", "00:18:49", ZERO)
    story.heard("00:18:23", "00:18:52", *TURNS, ("00:18:48", "00:18:49"), agent=SAID)
    assert total(heard(story).caller) == pytest.approx(8.0, abs=0.05)


def test_a_caller_who_speaks_over_the_agent_and_is_heard_is_the_caller():
    over = ("00:18:42", "00:18:43.5")
    story = talk().turn("item_9", *over, ZERO).heard("00:18:23", "00:18:52", *TURNS, over, agent=SAID)
    assert total(heard(story).untranscribed) == pytest.approx(1.5, abs=0.3)


def test_without_a_turn_the_agents_playbacks_fix_the_clock():
    story = answered_call().dial_action("00:18:52.4")
    for response, (start, stop) in enumerate(SAID):
        story.frame(ev.PlaybackChanged, start, response=f"r{response}", state="started")
        story.frame(ev.PlaybackChanged, stop, response=f"r{response}", state="stopped")
    story.heard("00:18:23", "00:18:52", agent=moved(SAID, 0.7))
    assert heard(story).aligned and heard(story).offset_s == pytest.approx(-1.1, abs=0.15)


def test_swapped_channels_are_found_behind_an_echo_too():
    """The caller's words and the agent's echo on the second channel, the agent on the first."""
    both = sorted([*TURNS, *moved(SAID, 0.2)])
    document = report(talk().heard("00:18:23", "00:18:52", *SAID, agent=both).records)
    assert document["recordings"][0]["channels_swapped"]
    assert document["caller_speech_s"] == pytest.approx(7.0, abs=0.3)


def test_the_longest_recording_with_two_channels_is_the_witness():
    story = cut_off()
    short = ev.RecordingAnalysed(
        recording="RE" + "0" * 32, analyser="t/1", duration_s=40.0, sample_rate=8000, channels=1,
        sha256="0", media="m", peaks="p",
    )  # fmt: skip
    story.add(story.records[0].subject, short, "00:19:00", source="audio")
    assert heard(story).recording.sid == RECORDING


@pytest.mark.parametrize(
    ("asked", "ended"), [("00:18:52.45", 52.2), ("00:18:53.1", 52.85), ("00:18:55", 52.5)]
)
def test_the_dial_action_says_when_in_its_second_a_leg_ended(asked, ended):
    story = answered_call().dial_action(asked)
    assert heard(story).leg_end % 60 == pytest.approx(ended, abs=0.01)
