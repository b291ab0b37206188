from callstore.domain.facts import events as ev
from tests.findings.stories import conversation


def test_fires_for_the_error_and_its_close(find, verdict):
    story = conversation().frame(ev.SessionErrored, "00:18:40", code="beta_api_shape_disabled")
    story.socket_closed("00:18:40.2", 4000, received=4000)
    assert find("beta_shape", story).certainty == "shown"
    assert (verdict(story).verdict, verdict(story).cause) == ("ai_closed_first", "beta_shape")


def test_stays_silent_for_another_private_code(find):
    assert find("beta_shape", conversation().socket_closed("00:18:40", 4001, received=4001)) is None


def test_stays_silent_for_an_error_that_closed_nothing(find):
    assert (
        find("beta_shape", conversation().frame(ev.SessionErrored, "00:18:40", code="missing_model")) is None
    )


def test_admits_that_the_code_alone_names_no_reason(find):
    finding = find("beta_shape", conversation().socket_closed("00:18:40", 4000, received=4000))
    assert (finding.certainty, finding.missing) == ("consistent", ("the reason in the close frame",))
