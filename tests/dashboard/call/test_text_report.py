"""The verdict panel as text."""

import pytest
from django.core.management import CommandError, call_command

from dashboard.call.text_report import WIDTH, text_report
from tests.dashboard.documents import put_call
from tests.dashboard.told import NAMES, told


@pytest.mark.parametrize("name", NAMES)
def test_every_kind_of_call_is_told_within_the_width_of_a_terminal(name):
    lines = text_report(told(name)).splitlines()
    assert all(len(line) <= WIDTH for line in lines)
    assert told(name)["verdict"] in lines[1] and lines[0] == lines[0].upper()


def test_the_panel_says_what_supports_what_is_missing_and_what_would_settle_it():
    text = " ".join(text_report(told("founding_call")).split())
    for words in (
        "silent_session_loss",
        "11.1 s (not heard by the AI",
        "supports AI heard that speech: No",
        "what is missing No close of the AI session",
        "to settle this Ask OpenAI for the session log",
        "seen too Amplifier, not the cause.",
    ):
        assert words in text, words


@pytest.mark.django_db
def test_the_command_tells_a_stored_call_by_any_of_its_ids(capsys):
    document = told("sip_486")
    put_call(**document)
    call_command("verdict", document["child_call_sid"])
    assert capsys.readouterr().out == text_report(document)
    with pytest.raises(CommandError, match="No call has the id CA0"):
        call_command("verdict", "CA0")
