from callstore.domain.facts import events as ev
from tests.builders import CHILD
from tests.findings.stories import cut_off


def _warned(code):
    return cut_off().add(f"twilio:{CHILD}", ev.ProviderWarned(level="warning", code=code), "00:18:17")


def test_fires_for_32113(find):
    assert find("header_dropped", _warned("32113")).certainty == "shown"


def test_stays_silent_for_another_warning(find):
    assert find("header_dropped", _warned("15003")) is None


def test_claims_nothing_without_a_warning(find):
    assert find("header_dropped", cut_off()) is None


def test_never_decides_the_verdict(verdict):
    assert verdict(_warned("32113")).cause == "silent_session_loss"
