from callstore.domain.facts import events as ev
from tests.findings.stories import conversation
from tests.judging import interval, rests_on


def test_fires_for_the_error_and_its_close(find, verdict):
    story = conversation().frame(ev.SessionErrored, "00:18:48", code="beta_api_shape_disabled")
    story.socket_closed("00:18:48.2", 4000, received=4000)
    assert find("beta_shape", story).certainty == "shown"
    assert (verdict(story).verdict, verdict(story).cause) == ("ai_closed_first", "beta_shape")


def test_stays_silent_for_another_private_code(find):
    assert find("beta_shape", conversation().socket_closed("00:18:48", 4001, received=4001)) is None


def test_stays_silent_for_an_error_that_closed_nothing(find):
    assert (
        find("beta_shape", conversation().frame(ev.SessionErrored, "00:18:48", code="missing_model")) is None
    )


def test_admits_that_the_code_alone_names_no_reason(find):
    finding = find("beta_shape", conversation().socket_closed("00:18:48", 4000, received=4000))
    assert (finding.certainty, finding.missing) == ("consistent", ("the reason in the close frame",))


def test_rests_on_the_error_and_the_close(find):
    story = conversation().frame(ev.SessionErrored, "00:18:48", code="beta_api_shape_disabled")
    story.socket_closed("00:18:48.2", 4000, received=4000)
    finding = find("beta_shape", story)
    assert rests_on(story, finding) == ["session.errored 00:18:48", "socket.closed 00:18:48.200"]
    assert interval(finding) == ("00:18:48", "00:18:52.500")
    assert finding.missing == ()


def test_without_the_error_it_begins_with_the_close(find):
    story = conversation().socket_closed("00:18:48", 4000, received=4000)
    assert rests_on(story, find("beta_shape", story)) == ["socket.closed 00:18:48"]
    assert interval(find("beta_shape", story)) == ("00:18:48", "00:18:52.500")


def test_the_reason_in_the_close_frame_names_it_as_well(find):
    story = conversation().socket_closed(
        "00:18:48", 4000, received=4000, reason="invalid_request_error.beta_api_shape_disabled"
    )
    assert find("beta_shape", story).certainty == "shown"


def test_the_error_and_a_close_of_any_code_show_it(find):
    story = conversation().frame(ev.SessionErrored, "00:18:48", code="beta_api_shape_disabled")
    assert find("beta_shape", story) is None
    story.socket_closed("00:18:48.2", 1000, received=1000)
    assert find("beta_shape", story).certainty == "shown"


def test_the_reason_alone_without_its_code_is_another_close(find):
    story = conversation().socket_closed("00:18:48", 1000, received=1000, reason="beta_api_shape_disabled")
    assert find("beta_shape", story) is None


def test_begins_with_the_first_error(find):
    story = conversation()
    for clock in ("00:18:47", "00:18:48"):
        story.frame(ev.SessionErrored, clock, code="beta_api_shape_disabled")
    assert interval(find("beta_shape", story.socket_closed("00:18:48.2", 4000)))[0] == "00:18:47"
