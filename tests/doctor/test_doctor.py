"""The doctor over a log: which calls it reads, what command and API tell, and how the command exits."""

import json
import time
from datetime import UTC, datetime
from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from callstore.doctor import doctor, recently
from callstore.eventlog.crypto import keys
from callstore.eventlog.writing.append import append
from callstore.projection import projector
from callstore.projection.newest import Bounds
from callstore.rehearsal.scenarios.scenario import drafts, leg, load
from callstore.rehearsal.scenarios.sending import moved_to_now
from ingest.doors import rejections
from ingest.providers.provider import Refused
from tests.doctor.clean import clean
from tests.projection.facts import traces_of

pytestmark = pytest.mark.usefixtures("empty_log")
TOKEN = {"Authorization": "Bearer a-token"}


@pytest.fixture(autouse=True)
def _nobody_has_looked():
    recently.forget()


def take_in(scenario):
    """A scenario in the log, projected; its call id."""
    given = drafts(scenario)
    append(given)
    traces = traces_of(draft.subject for draft in given)
    projector.project(traces)
    return str(min(traces)), traces


def told(**options):
    """What the command writes as JSON, and its exit code."""
    out, code = StringIO(), 0
    try:
        call_command("doctor", json=True, stdout=out, **options)
    except SystemExit as ended:
        code = ended.code
    return json.loads(out.getvalue()), code


def test_the_founding_call_is_a_fault_with_its_events_and_the_text_to_paste():
    call, traces = take_in(load("founding_call"))
    report, code = told(since="2026-04-01")
    assert code == 1
    found = {finding["key"]: finding for finding in report["findings"]}
    faults = [finding["key"] for finding in report["findings"] if finding["severity"] == "fault"]
    assert faults == ["dial_action_hangs_up", "sip_header_prefix"] and "session_end_unseen" in found
    positions = {event["position"] for event in found["sip_header_prefix"]["events"]}
    assert {event["call"] for event in found["sip_header_prefix"]["events"]} == {call}
    from callstore.eventlog.reading import read

    assert {r.event.TYPE for r in read.records(traces) if r.position in positions} == {
        "flow.answered",
        "provider.warned",
    }
    looked = report["looked_at"]
    assert (looked["calls"], looked["complete"], looked["too_long"]) == (1, True, 0)
    assert looked["since"] == "2026-04-01T00:00:00.000Z" and looked["facts"] > 90


def test_a_clean_call_is_none_and_what_came_before_is_not_looked_at():
    take_in(load("founding_call"))
    take_in(moved_to_now(clean(), None))
    report, code = told()
    assert (report["findings"], code) == ([], 0)
    assert report["looked_at"]["calls"] == 1


def test_text_says_key_proof_and_paste_and_how_much_was_read(capsys):
    call, _ = take_in(load("founding_call"))
    with pytest.raises(SystemExit) as ended:
        call_command("doctor", since="2026-04-01")
    said = capsys.readouterr().out
    assert ended.value.code == 1
    assert "FAULT   sip_header_prefix: A header on the <Sip> URI is dropped (32113)" in said
    assert f"of {call}" in said and "?X-Parent-CallSid=" in said
    assert "MISSING session_end_unseen" in said
    assert "Looked at 1 calls" in said


def test_no_call_is_nothing_wrong(capsys):
    call_command("doctor")
    assert capsys.readouterr().out.startswith("Nothing is wrong.")


def test_the_newest_are_read_as_far_as_the_bounds_reach_and_it_says_so():
    newer = [take_in(moved_to_now(load("natural_end"), None)) for _ in range(3)]
    looked = doctor.look(bounds=Bounds(calls=2)).looked_at
    assert (looked["calls"], looked["complete"]) == (2, False)
    assert doctor.look(bounds=Bounds(facts=10)).looked_at["complete"] is False
    short = doctor.look(bounds=Bounds(longest=50)).looked_at
    assert (short["calls"], short["too_long"]) == (0, len(newer))
    assert doctor.look(bounds=Bounds(total=1)).looked_at["complete"] is False


@pytest.mark.parametrize("since", ["yesterday", "2026-13-01", ""])
def test_what_is_no_time_is_said(since):
    with pytest.raises(CommandError, match="is no time"):
        call_command("doctor", since=since)


def test_a_key_that_does_not_open_the_log_is_a_sentence(settings):
    take_in(moved_to_now(load("founding_call"), None))
    settings.LOG_KEYS = ["d3dk" * 10 + "d3c="]
    keys.unwrap.cache_clear()
    with pytest.raises(CommandError, match="LOG_KEY"):
        call_command("doctor")
    keys.unwrap.cache_clear()


def test_refusals_are_findings_without_events():
    rejections.note("twilio", Refused("wrong signature", looks_like="scheme"), time.time())
    rejections.note("twilio", Refused("no signature"), time.time())
    rejections.flush()
    report, code = told()
    assert [finding["key"] for finding in report["findings"]] == ["proxy_rewrites"]
    assert (report["findings"][0]["events"], code) == ([], 1)


def test_the_api_tells_the_same(client, settings):
    settings.API_TOKENS = ["a-token"]
    take_in(load("founding_call"))
    answer = client.get("/api/v1/doctor", {"since": "2026-04-01"}, headers=TOKEN)
    report, _ = told(since="2026-04-01")
    assert answer.status_code == 200 and answer.json()["findings"] == report["findings"]
    assert client.get("/api/v1/doctor", headers=TOKEN).json()["findings"] == []
    assert client.get("/api/v1/doctor").status_code == 401
    for since in ("yesterday", "0001-01-01T00:00:00+23:59"):
        assert client.get("/api/v1/doctor", {"since": since}, headers=TOKEN).status_code in (200, 422)


def test_one_look_at_a_time(client, settings):
    from dashboard.api.routes import doctor as route

    settings.API_TOKENS = ["a-token"]
    for looking, asked in ((route._looking, {"since": "2026-04-01"}), (recently._looking, {})):
        with looking:
            answer = client.get("/api/v1/doctor", asked, headers=TOKEN)
        assert (answer.status_code, answer["Retry-After"]) == (503, "10")
        assert client.get("/api/v1/doctor", asked, headers=TOKEN).status_code == 200


def test_the_usual_look_is_kept_for_a_while_and_told_while_somebody_looks_anew(client, settings, monkeypatch):
    settings.API_TOKENS = ["a-token"]
    monkeypatch.setattr(recently, "TIMES", 1e6)
    first = client.get("/api/v1/doctor", headers=TOKEN).json()
    with recently._looking:
        assert client.get("/api/v1/doctor", headers=TOKEN).json() == first
    recently.forget()
    assert client.get("/api/v1/doctor", headers=TOKEN).json()["looked_at"] != first["looked_at"]


def test_a_rebased_scenario_of_now_is_looked_at_by_default():
    take_in(moved_to_now(load("founding_call"), None))
    report, code = told()
    assert code == 1 and datetime.fromisoformat(report["looked_at"]["since"]) < datetime.now(UTC)
    assert leg(load("founding_call"))
