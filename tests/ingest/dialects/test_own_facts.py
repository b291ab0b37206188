"""The keys of what callstore itself did or heard: a fact that was kept under one is never kept again."""

import pytest

from callstore.domain.facts.clock import Clock
from callstore.domain.facts.events import GapTranscribed, MonthRetired, RecordingFailed
from ingest.dialects import own_facts

LEG = "CA" + "0" * 32
FAILED = RecordingFailed(recording="RE1", reason="404", permanent=True)
RETIRED = MonthRetired(no=3, month="2026-01", events=1, digest="d")
GAP = GapTranscribed(recording="RE1", start_s=1.0, end_s=2.3, provider="p", model="m", text="")


@pytest.mark.parametrize(
    ("draft", "source", "subject", "key", "raw"),
    [
        (own_facts.call_erased(f"twilio:{LEG}", "asked"), "operator", f"twilio:{LEG}", "erased", b""),
        (
            own_facts.month_retired(
                "log:retirements", MonthRetired(no=3, month="2026-01", events=1, digest="d")
            ),
            "operator",
            "log:retirements",
            "3",
            b"",
        ),
        (
            own_facts.recording_failed(LEG, FAILED, "not-there", given_up=False),
            "audio",
            f"twilio:{LEG}",
            "failed:RE1:not-there",
            b'{"recording": "RE1", "reason": "404", "permanent": true}',
        ),
        (
            own_facts.recording_failed(LEG, FAILED, "not-there", given_up=True),
            "audio",
            f"twilio:{LEG}",
            "failed:RE1:not-there:for-good",
            b'{"recording": "RE1", "reason": "404", "permanent": true}',
        ),
        (
            own_facts.gap_transcribed(LEG, GAP),
            "audio",
            f"twilio:{LEG}",
            "gap:RE1:1.00-2.30:p:m",
            b'{"recording": "RE1", "start_s": 1.0, "end_s": 2.3, "provider": "p", "model": "m", "text": ""}',
        ),
    ],
)
def test_a_fact_of_our_own_has_one_key_and_its_own_bytes(draft, source, subject, key, raw):
    assert (draft.source, draft.subject, draft.key, draft.raw) == (source, subject, key, raw)
    assert draft.occurred.clock is Clock.RECEIVER and draft.occurred.at == draft.received_at
