"""A fixture of every recorded call: judged as the call was, and nobody's number, id or word in it."""

import re
from urllib.parse import unquote_plus

import pytest

from callstore.rehearsal.evaluation.evaluate import evaluate
from callstore.report.disguise.disguise import ACCOUNT
from dashboard.hand_over.fixture import fixture
from ingest.providers.twilio.setting import SETTING
from tests.dashboard.hand_over.given import FOLDERS, collected

NUMBER = re.compile(r"(?:\+|%2B)\d{8,15}")
SID = re.compile(r"\b(?!AC)[A-Z]{2}[0-9a-f]{32}")
OPENAI = re.compile(r"\b(?:rtc_u\d_|live_u\d_|sess_|item_|resp_|proj_)\w{10,}")
SIP = re.compile(r"sips?(?::|%3A)([^@%\s\"<>]+)(?:@|%40)")


@pytest.mark.parametrize("folder", FOLDERS, ids=lambda folder: folder.name)
def test_a_fixture_is_judged_as_its_call_and_holds_nobody(folder, tmp_path):
    of = collected(folder)
    files = fixture(of, b"secret")
    for name, content in files.items():
        (tmp_path / name).write_bytes(content)
    made = evaluate(tmp_path)
    assert made.wrong == {}
    for name in ("verdict", "cause", "flags", "evidence_missing", "topology", "agent_name"):
        assert made.document[name] == of.call[name], name
    assert {f["slug"] for f in made.document["findings"]} == {f["slug"] for f in of.call["findings"]}
    before = "\n".join(event["body"] for event in of.events)
    after = b"\n".join(files.values()).decode()
    for kind in (NUMBER, SID, OPENAI, SIP):
        assert not set(kind.findall(before)) & set(kind.findall(after)), kind.pattern
    personal = [pair for event in of.events for pair in event["personal"].items()]
    said = {text.strip() for name, text in personal if name in ("text", "speech") and text}
    sent = unquote_plus(after).replace("\\", "")
    assert not [text for text in said if len(text) > 12 and text in sent]


def test_the_same_number_is_the_same_in_the_whole_fixture_and_another_by_another_secret():
    of = collected(next(folder for folder in FOLDERS if folder.name == "founding_call"))
    one, again, other = (fixture(of, secret)["deliveries.jsonl"].decode() for secret in (b"a", b"a", b"b"))
    assert one == again
    numbers = set(NUMBER.findall(one.replace("%2B", "+")))
    assert len(numbers) == len(set(NUMBER.findall("".join(e["body"] for e in of.events).replace("%2B", "+"))))
    assert not numbers & set(NUMBER.findall(other.replace("%2B", "+")))


def test_a_fixture_can_be_signed_by_the_demo():
    assert SETTING.demo.startswith(f"{ACCOUNT}:")
