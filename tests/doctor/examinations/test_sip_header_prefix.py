"""`SipHeader_` in front of a header on the <Sip> URI."""

from callstore.domain.facts import events as ev
from tests.builders import CHILD
from tests.doctor.told import dialled, examine, proofs

KEY = "sip_header_prefix"


def warned(story, code="32113"):
    event = ev.ProviderWarned(level="warning", code=code)
    return story.add(f"twilio:{CHILD}", event, "00:18:18")


def test_fires_for_the_prefix_and_for_the_warning_and_points_at_both():
    story = warned(dialled(sip_headers=("SipHeader_X-Parent-CallSid",)))
    found = examine(KEY, story)
    assert proofs(story, found) == ["flow.answered 00:18:16", "provider.warned 00:18:18"]
    assert "32113" in found.why and "SipHeader_X-Parent-CallSid" in found.why
    assert "?X-Parent-CallSid=" in found.paste and "SipHeader_" not in found.paste


def test_fires_for_the_warning_alone_where_no_twiml_is_known():
    assert "32113" in examine(KEY, warned(dialled())).why


def test_stays_silent_for_a_header_that_is_written_as_it_is():
    assert examine(KEY, warned(dialled(sip_headers=("X-Parent-CallSid",)), code="11200")) is None
