"""Whether the caller was speaking at the end, by which witness, and for which verdicts that speaks."""

import pytest

from callstore.domain.facts import events as ev
from callstore.verdict.evidence import AI, CALLER, LIMIT, NOTHING, OURS, REFUSED
from tests.builders import Story, answered_call
from tests.findings.stories import conversation, refused
from tests.judging import interval, rests_on
from tests.live import said, started

SPEAKING = "Caller speaking at the end"
FIRST = ("00:18:30", "00:18:33")
LONG = "They told me that somebody would call me back about the delivery of last week"
SPEAKS_TO_THE_END = AI | LIMIT | {"app_ended", "false_finish", "flow_ended"}


def _speaking_until(clock):
    return conversation().heard("00:18:23", "00:18:52", FIRST, ("00:18:45", clock))


def test_a_caller_who_speaks_to_the_end_did_not_hang_up(check):
    row = check(SPEAKING, _speaking_until("00:18:51.9"))
    assert row.finding == "Yes: caller speech in the recording up to 0.1 s before the end."
    assert row.speaks_for == SPEAKS_TO_THE_END
    assert rests_on(_speaking_until("00:18:51.9"), row) == ["recording.analysed 00:18:52"]
    assert interval(row) == ("00:18:50", "00:18:51.900")


@pytest.mark.parametrize(("until", "may_leave"), [("00:18:50.9", True), ("00:18:51.1", False)])
def test_who_stopped_a_second_before_the_end_may_have_hung_up(check, until, may_leave):
    assert check(SPEAKING, _speaking_until(until)).speaks_for == SPEAKS_TO_THE_END | (
        CALLER if may_leave else NOTHING
    )


@pytest.mark.parametrize(("until", "silent"), [("00:18:49.9", True), ("00:18:50.1", False)])
def test_the_end_is_its_last_two_seconds(check, until, silent):
    assert check(SPEAKING, _speaking_until(until)).finding.startswith("No" if silent else "Yes")


def test_a_silent_caller_was_neither_cut_off_nor_finished_falsely(check):
    row = check(SPEAKING, conversation().heard("00:18:23", "00:18:52", FIRST))
    assert row.finding == "No: silent for the last 19.0 s."
    everybody = AI | OURS | CALLER | LIMIT | REFUSED
    assert row.speaks_for == everybody - {"ai_silent_first", "false_finish"}
    assert interval(row) == ("00:18:33", "00:18:52")


def test_silence_lasts_since_the_last_words(check):
    row = check(SPEAKING, conversation().heard("00:18:23", "00:18:52", FIRST, ("00:18:36", "00:18:38")))
    assert row.finding == "No: silent for the last 14.0 s."


def test_of_two_last_words_the_later_tells_whether_the_caller_was_leaving(check):
    story = conversation().heard(
        "00:18:23", "00:18:52", FIRST, ("00:18:50.1", "00:18:50.5"), ("00:18:51.2", "00:18:51.8")
    )
    row = check(SPEAKING, story)
    assert row.speaks_for == SPEAKS_TO_THE_END
    assert interval(row) == ("00:18:50.100", "00:18:51.800")


def test_a_caller_who_never_spoke_is_told_as_such(check):
    row = check(SPEAKING, answered_call().heard("00:18:23", "00:18:52"))
    assert row.finding == "No caller speech at all."


def test_twilios_words_answer_where_nothing_was_recorded(check):
    row = check(SPEAKING, conversation().written("00:18:52.4", LONG))
    assert row.speaks_for == SPEAKS_TO_THE_END
    assert row.finding.startswith("Yes: caller speech by Twilio's transcription")


@pytest.mark.parametrize(
    ("story", "finding"),
    [
        (conversation(), "No recording of both channels."),
        (conversation().heard("00:18:23", "00:18:52", FIRST, channels=1), "No recording of both channels."),
        (
            conversation().heard("00:18:23", "00:18:45", FIRST),
            "The recording stops 6.7 s before the leg ended.",
        ),
        (
            Story().frame(ev.FrameSeen, "00:18:30").written("00:18:44", LONG).socket_closed("00:18:45", 1006),
            "No recording of both channels.",
        ),
        (
            conversation().written("00:18:34", "This is Kishi."),
            "Twilio's transcription has no words of the last 2 s, which is no silence.",
        ),
    ],
    ids=["nothing", "one channel", "too short", "no leg", "no words"],
)
def test_a_witness_that_did_not_hear_the_end_is_missing(check, story, finding):
    row = check(SPEAKING, story)
    assert (row.speaks_for, row.finding) == (None, finding)


def test_whether_the_caller_spoke_is_no_question_of_a_call_that_goes_on_or_was_never_answered(check):
    assert check(SPEAKING, Story().child("in-progress", "00:18:23", sequence=2)) is None
    assert check(SPEAKING, refused()) is None
    assert check(SPEAKING, Story().asked("00:17:52").parent("completed", "00:18:10", sequence=0))


def test_what_the_sideband_reflected_tells_who_spoke_at_the_end(check):
    def row(*late, until="00:18:51.8"):
        return check(SPEAKING, said(started(), *FIRST).reflected("00:18:24", until, FIRST, *late))

    late = row(("00:18:48", "00:18:51.8"))
    assert late.finding.startswith("Yes: caller speech in what the AI's sideband reflected")
    assert late.speaks_for == SPEAKS_TO_THE_END
    assert row().finding.startswith("No: silent for the last 19")
    assert row(until="00:18:40").speaks_for is None  # nobody kept the end
