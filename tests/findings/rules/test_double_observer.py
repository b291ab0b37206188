from dataclasses import replace

from callstore.domain.facts import events as ev
from callstore.domain.facts.clock import Clock
from tests.findings.stories import conversation
from tests.judging import interval, rests_on


def _sent(story, connection, *clocks):
    for moment in clocks:
        story.frame(ev.FrameSent, moment, kind="response.create", connection=connection)
    return story


def test_fires_when_two_sockets_speak_in_turn(find):
    story = _sent(conversation(), "conn_1", "00:18:24", "00:18:40")
    assert find("double_observer", _sent(story, "conn_2", "00:18:30", "00:18:45")).certainty == "shown"


def test_stays_silent_for_a_second_socket_that_only_listens(find):
    story = _sent(conversation(), "conn_1", "00:18:24", "00:18:40")
    assert find("double_observer", story.frame(ev.FrameSeen, "00:18:41", connection="watch")) is None


def test_stays_silent_for_a_clash_of_one_socket_beside_which_we_listen(find):
    """Our own observer's socket is stamped by our clock, and never speaks."""
    story = conversation().frame(
        ev.SessionErrored, "00:18:40", code="conversation_already_has_active_response"
    )
    story.frame(ev.FrameSeen, "00:18:41", connection="watch")
    ours = story.records[-1]
    story.records[-1] = replace(ours, occurred=replace(ours.occurred, clock=Clock.RECEIVER))
    assert find("double_observer", story) is None


def test_stays_silent_for_a_socket_that_took_over(find):
    story = _sent(conversation(), "conn_1", "00:18:24", "00:18:30")
    assert find("double_observer", _sent(story, "conn_2", "00:18:31", "00:18:45")) is None


def test_names_every_socket_that_spoke_beside_another_and_not_its_neighbours_alone(find):
    story = _sent(conversation(), "conn_1", "00:18:24", "00:18:50")
    story = _sent(_sent(story, "conn_2", "00:18:26", "00:18:27"), "conn_3", "00:18:40", "00:18:41")
    assert len(find("double_observer", story).evidence) == 3


def test_admits_that_a_clash_alone_does_not_show_who_spoke(find):
    story = conversation().frame(
        ev.SessionErrored, "00:18:40", code="conversation_already_has_active_response", connection="conn_2"
    )
    finding = find("double_observer", story)
    assert (finding.certainty, len(finding.missing)) == ("consistent", 1)


def test_rests_on_the_first_words_of_each_socket_and_on_the_clashes(find):
    story = _sent(conversation(), "conn_1", "00:18:24", "00:18:40")
    _sent(story, "conn_2", "00:18:30", "00:18:45")
    _sent(story, "conn_3", "00:18:47")
    story.frame(ev.SessionErrored, "00:18:29", code="conversation_already_has_active_response")
    finding = find("double_observer", story)
    assert rests_on(story, finding) == [
        "frame.sent 00:18:24", "session.errored 00:18:29", "frame.sent 00:18:30"
    ]  # fmt: skip
    assert interval(finding) == ("00:18:24", "00:18:30")
    assert finding.missing == ()


def test_fires_when_one_speaks_as_the_other_ends(find):
    story = _sent(conversation(), "conn_1", "00:18:24", "00:18:30")
    assert find("double_observer", _sent(story, "conn_2", "00:18:30", "00:18:45"))


def test_a_clash_on_the_only_socket_is_its_own(find):
    story = conversation().frame(
        ev.SessionErrored, "00:18:40", code="conversation_already_has_active_response"
    )
    assert find("double_observer", story) is None


def test_two_sockets_and_another_error_are_no_clash(find):
    story = conversation().frame(ev.SessionErrored, "00:18:40", code="slow_down", connection="conn_2")
    assert find("double_observer", story) is None


def test_who_spoke_first_matters_and_not_who_listened_first(find):
    """The first socket listens from the beginning, and speaks when the second has ended."""
    story = _sent(conversation(), "conn_2", "00:18:24", "00:18:30")
    assert find("double_observer", _sent(story, "conn_1", "00:18:31", "00:18:45")) is None
