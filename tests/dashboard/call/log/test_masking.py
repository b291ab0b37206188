"""Numbers and pressed keys of an event are masked wherever they stand in it."""

import pytest

from dashboard.export.masking import masked, masked_text


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("From=%2B81355500123&To=x", "From=%2B8135*****23&To=x"),
        ('{"from": "+81355500123"}', '{"from": "+8135*****23"}'),
        ("sip:+81355500123@example.org", "sip:+8135*****23@example.org"),
        ("CallSid=CA1&Digits=4711&x=1", "CallSid=CA1&Digits=****&x=1"),
        ("Digits=1", "Digits=1"),
        ("2026-04-13T00:18:52.716+00:00", "2026-04-13T00:18:52.716+00:00"),
        ("AC12345678901234567890", "AC12345678901234567890"),
    ],
)
def test_a_delivery_keeps_its_form_and_loses_the_middle_of_numbers(text, shown):
    assert masked_text(text) == shown


def test_values_are_masked_at_any_depth():
    told = {"caller": "+81355500123", "digits": "4711", "all": [{"to": "+81355500124"}], "n": 81355500123}
    assert masked(told) == {
        "caller": "+8135*****23", "digits": "****", "all": [{"to": "+8135*****24"}], "n": 81355500123,
    }  # fmt: skip
