"""Sound in place of a recording: where somebody spoke somebody is heard, and nobody says anything."""

import pytest

from callstore.audio.analysis import analyse
from callstore.domain.facts.events import RecordingAnalysed
from callstore.rehearsal.scenarios.stand_in import stand_in

CALLER, AGENT = ((6.6, 9.6), (13.7, 14.1), (17.9, 29.0)), ((1.4, 6.1), (10.7, 12.5), (15.2, 16.4))


def test_the_same_speech_is_heard_in_it():
    event = RecordingAnalysed(
        recording="RE" + "1" * 32, analyser="1", duration_s=29.0, sample_rate=8000, channels=2, sha256="",
        media="", peaks="", caller=CALLER, agent=AGENT,
    )  # fmt: skip
    heard = analyse(stand_in(event))
    assert heard.duration_s == 29.0 and heard.echo == heard.agent_echo == ()
    for spans, given in ((heard.caller, CALLER), (heard.agent, AGENT)):
        assert len(spans) == len(given) and spans == tuple(pytest.approx(span, abs=1.0) for span in given)
