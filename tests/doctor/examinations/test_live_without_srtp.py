"""A Live session is dialled without SRTP."""

from tests.doctor.told import dialled, examine, live, proofs

KEY = "live_without_srtp"
SECURE = (("sip.api.openai.com", "transport=tls;secure=true"),)


def test_fires_for_a_live_session_behind_a_uri_without_secure():
    story = live(dialled())
    found = examine(KEY, story)
    assert proofs(story, found) == ["flow.answered 00:18:16", "session.offered 00:18:17"]
    assert ";transport=tls;secure=true" in found.paste


def test_stays_silent_with_it_and_for_realtime():
    assert examine(KEY, live(dialled(sip_targets=SECURE))) is None
    assert examine(KEY, dialled()) is None
