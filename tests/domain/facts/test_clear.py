import pytest

from callstore.domain.facts.clear import hidden, is_clear, key


@pytest.mark.parametrize(
    "text",
    [
        "", "completed", "response.output_audio_transcript.delta", "CA4663973b319726be75dd324397602d92",
        "item_C9CI0rXJbzpL1234567", "018f2c1e-1234-7abc-8def-123456789012", "status:3:in-progress",
        "gpt-4o-realtime-preview-2025-06-03", "rc=5&rp=all", "warned:31205:1770000000", "X-Twilio-CallSid",
        "frame:conn_1:4711", "frame:watch_0123456789abcdef0123:123456",
        "keepalive ping timeout", "initiated ringing answered completed",
        "Your session hit the maximum duration of 60 minutes.", "transport=tls", "audio/pcmu",
        "https://api.twilio.com/2010-04-01/Accounts/AC4663973b319726be75dd324397602d92/Recordings/RE1",
    ],
)  # fmt: skip
def test_what_a_machine_writes_stands_in_the_clear(text):
    assert is_clear(text)


@pytest.mark.parametrize(
    "text",
    [
        "Jane left", "ZEBRA quartz", "+12025550917", "caller-12025550917", "090-1234-5678",
        "jane@example.com", "12025550917@pbx", "Müller", "山田", "202.555.091.7", "a%20b", "x" * 301,
        "frame:watch_0123456789abcdef0123:2025550",
        "ringing, says Jane", "tool_for_jane_2025550917", "12025550917",
    ],
)  # fmt: skip
def test_what_somebody_may_have_said_or_be_called_by_does_not(text):
    assert not is_clear(text)


def test_what_stands_in_is_the_same_for_the_same_and_stays_what_it_is():
    def stand_in(text: str) -> str:
        return f"sealed~{len(text):032x}"

    facts = {"path": "/voice", "verbs": ("Say", "a b"), "reason": "gone", "agent": "front desk", "n": 3}
    found = hidden("twilio", facts, stand_in)
    assert found == {"path": stand_in("/voice"), "verbs": ("Say", stand_in("a b"))}
    assert hidden("twilio", facts | found, stand_in) == {}
    assert hidden("operator", facts, stand_in) == {}
    assert key("ce:/app:to 12025550917", stand_in) == f"ce:/app:{stand_in('to 12025550917')}"
