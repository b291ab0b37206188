"""The numbers of a conversation, each by a drawn example.

A letter is half a second: c the caller, a the agent, b both, a point nobody, ? nobody knows.
"""

import pytest

from callstore.domain.analysis.talking import numbers
from callstore.domain.analysis.talking.talk import Talk

STEP_S = 0.5


def drawn(picture: str, cuts: tuple[float, ...] | None = None) -> Talk:
    return Talk(
        basis="recording",
        window=(0.0, len(picture) * STEP_S),
        caller=_spans(picture, "cb"),
        agent=_spans(picture, "ab"),
        cuts=cuts,
        unseen=_spans(picture, "?"),
    )


def _spans(picture, letters):
    spans = []
    for number, letter in enumerate(picture):
        if letter in letters:
            begins = spans[-1][0] if spans and spans[-1][1] == number * STEP_S else number * STEP_S
            spans = [span for span in spans if span[0] != begins] + [(begins, (number + 1) * STEP_S)]
    return spans


def waits(picture):
    return [end - start for start, end in numbers.responses(drawn(picture))]


@pytest.mark.parametrize(
    ("picture", "expected"),
    [
        ("..aaa.cc..aa.cc....aa", [1.0, 2.0]),  # what the agent answers, and how soon
        ("..aaaa......", []),  # a greeting answers nobody
        ("cc..cc...aa", [1.5]),  # a pause of the caller's is no end of the turn
        ("cc..aa...aa", [1.0]),  # nor does the agent answer twice
        ("aabaaa.aaa", []),  # who only says mm is not answered
        ("aaabcc..aa", [1.0]),  # who cut the agent off is
        ("cccbaa", []),  # the agent did not wait at all
        ("aa.ccc.....", []),  # nobody answered
        ("ccccaaaa", [0.0]),
        ("", []),
    ],
)
def test_a_response_is_from_the_end_of_the_callers_turn_to_the_agents_first_sound(picture, expected):
    assert waits(picture) == expected


def test_percentiles_lie_between_the_values_as_postgres_has_them():
    values = [4.0, 1.0, 2.0, 3.0]
    assert numbers.percentile(values, 0.5) == 2.5
    assert numbers.percentile(values, 0.95) == pytest.approx(3.85)
    assert numbers.percentile([0.7], 0.95) == 0.7
    assert numbers.percentile([], 0.5) is None


@pytest.mark.parametrize(
    ("picture", "expected"),
    [
        ("..aaa.cc...aa.", (4.0, 5.5)),
        ("....aa.cc.aa", (0.0, 2.0)),  # from the answer on
        ("aa.cc.aa....", (4.0, 6.0)),  # up to the end
        ("aabbcc", None),  # none at all
        ("......", (0.0, 3.0)),  # nobody ever spoke
    ],
)
def test_dead_air_is_the_longest_stretch_in_which_neither_speaks(picture, expected):
    assert numbers.dead_air(drawn(picture)) == expected


def test_talk_over_is_where_both_speak():
    assert numbers.talk_over(drawn("aabcc..aba.ccbb")) == [(1.0, 1.5), (4.0, 4.5), (6.5, 7.5)]


@pytest.mark.parametrize(
    ("picture", "expected"),
    [
        ("aaabcc..aa", [2.0]),  # the agent falls silent for the caller, who goes on
        ("aaabaaa...", []),  # it goes on: mm
        ("aaabbb.aaa", []),  # both to the end for longer than anybody yields
        ("aaa.ccc.aa", []),  # it had ended
        ("cccbaaaa..", []),  # the agent came in on the caller
        ("aabcc.aabc", [1.5, 4.5]),
        ("aab.......", [1.5]),  # one word may be enough
    ],
)
def test_an_interruption_is_an_agent_that_falls_silent_for_the_caller(picture, expected):
    assert numbers.interruptions(drawn(picture)) == expected


def test_where_the_session_says_what_it_cut_an_early_start_is_no_interruption():
    assert numbers.interruptions(drawn("aaabcc..aa", cuts=())) == []
    assert numbers.interruptions(drawn("aaabcc..aa", cuts=(2.1,))) == [2.1]
    assert numbers.interruptions(drawn("aaaa......", cuts=(2.1,))) == []  # cut by somebody, not by the caller


def test_an_overlap_shorter_than_a_detector_needs_cuts_nobody_off():
    early = Talk("recording", (0.0, 9.0), [(2.9, 4.0)], [(1.0, 3.0)], None, [])
    assert numbers.interruptions(early) == []
    assert numbers.talk_over(early) == [(2.9, 3.0)]


@pytest.mark.parametrize(
    ("picture", "expected"), [("aaa.c", 0.25), ("bb", 0.5), ("cc..", 1.0), ("....", None)]
)
def test_the_callers_share_is_of_all_that_was_spoken(picture, expected):
    assert numbers.caller_share(drawn(picture)) == expected


def test_a_breath_of_the_agents_between_two_words_is_no_silence_for_the_caller():
    cut = Talk("recording", (0.0, 9.0), [(2.2, 4.0)], [(1.0, 2.3), (2.65, 2.8)], None, [])
    assert numbers.interruptions(cut) == [2.8]


def test_a_stretch_that_nobody_watched_is_no_dead_air():
    assert numbers.dead_air(drawn("cc..aa????????..cc...aa")) == (9.0, 10.5)


def test_an_answer_that_may_have_been_given_unwatched_took_nobody_knows_how_long():
    assert waits("cc..aa.cc.????.aa.cc..aa") == [1.0, 1.0]
