"""Bundles read as a provider's support would: questions answered, ids true, and nobody in it."""

import hashlib
import hmac
import re
from dataclasses import replace
from datetime import UTC, datetime

import orjson
import pytest

from callstore.domain.facts.clock import Clock
from callstore.report.report import report
from dashboard.hand_over.bundle import bundle
from tests.dashboard.hand_over.given import FOLDERS, collected

AT = datetime(2026, 11, 30, tzinfo=UTC)
MADE = {"by": "otto", "at": AT, "secret": b"secret"}
NUMBER = re.compile(r"(?:\+|%2B)\d{8,15}")


def named(name):
    return collected(next(folder for folder in FOLDERS if folder.name == name))


@pytest.mark.parametrize("vendor", ["openai", "twilio"])
@pytest.mark.parametrize("folder", FOLDERS, ids=lambda folder: folder.name)
def test_a_bundle_holds_nobody_s_number_and_nobody_s_words(folder, vendor):
    of = collected(folder)
    files = bundle(of, vendor, **MADE)
    before = "\n".join(event["body"] for event in of.events)
    whole = b"\n".join(files.values()).decode()
    numbers = {number.replace("%2B", "+") for number in NUMBER.findall(before)}
    assert not [number for number in numbers if number[1:] in whole]
    said = {
        text for event in of.events for name, text in event["personal"].items() if name == "text" and text
    }
    assert not [text for text in said if len(text) > 12 and text in whole]
    for sid in filter(None, (of.call["child_call_sid"], of.call["ai_call_id"])):
        assert sid in files["questions.md"].decode()


@pytest.mark.parametrize("vendor", ["openai", "twilio"])
def test_the_manifest_says_what_who_when_and_by_which_rules(vendor):
    of = named("founding_call")
    files = bundle(of, vendor, **MADE)
    manifest = orjson.loads(files.pop("manifest.json"))
    assert {name: each["sha256"] for name, each in manifest["files"].items()} == {
        name: hashlib.sha256(content).hexdigest() for name, content in files.items()
    }
    assert (manifest["for"], manifest["made_by"], manifest["made_at"]) == (
        vendor,
        "otto",
        "2026-11-30T00:00:00.000Z",
    )
    assert manifest["rules_version"] == of.call["rules_version"] and manifest["query"]
    lines = [orjson.loads(line) for line in files["events.jsonl"].splitlines()]
    bodies = {event["position"]: event["body"] for event in of.events}
    assert lines
    for line in lines:
        body = bodies[line["position"]].encode()
        assert line["delivery_hmac_sha256"] == hmac.digest(b"secret", b"delivery:" + body, "sha256").hex()


@pytest.mark.parametrize("vendor", ["openai", "twilio"])
def test_no_number_is_found_by_trying_all_against_a_digest_of_its_delivery(vendor):
    of = named("founding_call")
    files = bundle(of, vendor, **MADE)
    guessed = {hashlib.sha256(event["body"].encode()).hexdigest() for event in of.events}
    assert not [digest for digest in guessed if digest in b"".join(files.values()).decode()]


def test_openai_is_told_the_session_its_last_event_and_what_never_came():
    asked = bundle(named("founding_call"), "openai", **MADE)["questions.md"].decode()
    for told in (
        "rtc_u7_F06GMK1FUlkIxd0E03Vmq", "sess_", "gpt-realtime", "96d38c670832c659425323c9ea25cf8b@0.0.0.0",
        "proj_Ab12Cd34Ef56Gh78", "output_audio_buffer.stopped", "Not received: a close of the session",
        "Last event received: 2026-04-13T00:18:3", "accept at", "request id req_",
        "- The session log of sess_", "no close seen",
    ):  # fmt: skip
        assert told in asked, told
    assert "Ask OpenAI" not in asked  # it is OpenAI who reads this


def test_every_moment_that_openai_is_told_is_by_one_clock_though_ours_was_off():
    of, off = named("founding_call"), 20.0

    def ahead(fact):
        late = replace(fact.occurred, at=fact.occurred.at + off)
        return replace(fact, occurred=late) if fact.occurred.clock is Clock.APP else fact

    facts = [ahead(fact) for fact in of.facts]
    skewed = replace(of, facts=facts, call={**of.call, **report(facts)})
    asked = bundle(skewed, "openai", **MADE)["questions.md"].decode()
    [last] = re.findall(r"Last event received: (\S+)", asked)
    [told] = re.findall(r"(\S+) \(seq 77\)", asked)
    [accepted] = re.findall(r"- Accepted: (\S+)", asked)
    [asked_for] = re.findall(r"POST accept at (\S+):", asked)
    assert (told, asked_for) == (last, accepted)
    assert "set right by that" in asked
    assert "set right" not in bundle(of, "openai", **MADE)["questions.md"].decode()


def test_twilio_is_told_the_sids_statuses_codes_and_that_no_summary_came():
    asked = bundle(named("founding_call"), "twilio", **MADE)["questions.md"].decode()
    for told in (
        "CA1d02184a5517add94af864cd7db6be9a", "CA329fe673c51597665e18e89870ebf709",
        "AC3f9d2c7a1b8e4056a7d1c0ffee202604",
        "96d38c670832c659425323c9ea25cf8b@0.0.0.0", "SIP 200", "32113", "No call summary", "Hangup",
    ):  # fmt: skip
        assert told in asked, told


def test_another_side_s_events_stay_at_home():
    of = named("founding_call")
    for vendor, foreign in (("openai", "flow.answered"), ("twilio", "frame.seen")):
        lines = bundle(of, vendor, **MADE)["events.jsonl"].splitlines()
        kinds = {orjson.loads(line)["type"] for line in lines}
        assert (
            foreign in {event["type"] for event in of.events}
            and foreign not in kinds
            and "app.said" not in kinds
        )
