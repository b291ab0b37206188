"""What a process logs: as JSON with what finds a call, and never what a caller said or is called by."""

import io
import json
import logging
import logging.config

import pytest

from callstore.base.log_lines import log_lines, process_name
from callstore.local.processes import processes
from callstore.projection import projector
from tests.ingest import deliveries as given
from tests.projection.facts import keep, rtc, said, sid, status
from tests.served import served


def lines(text: str) -> list[dict]:
    return [json.loads(line) for line in text.splitlines() if line.startswith("{")]


@pytest.mark.django_db(transaction=True)
def test_a_delivery_is_a_json_line_with_its_door_subject_and_position(tmp_path):
    leg = sid()
    one = given.signed(given.progress(CallSid=leg, From="+15550142"))
    with served(tmp_path, CALLSTORE_LOG="json", CALLSTORE_LOG_LEVEL="info") as web:
        assert web.ask("POST", one.path, one.body, one.headers)[0] == 204
        assert web.ask("POST", "/hooks/app/", b"[]", {"Authorization": "Bearer a-wrong-token"})[0] == 403
    text = (tmp_path / "web.log").read_text()
    told = {line["logger"]: line for line in lines(text)}
    taken, refused = told["ingest.doors.receive"], told["ingest.doors.rejections"]
    assert taken["process"] == "web" and taken["level"] == "INFO" and taken["time"].endswith("+00:00")
    assert (taken["door"], taken["subjects"], taken["spooled"]) == ("twilio", [f"twilio:{leg}"], False)
    assert len(taken["positions"]) == 1 and taken["positions"][0] > 0
    assert refused["level"] == "WARNING" and "app" in refused["message"]
    for secret in ("5550142", "a-wrong-token", one.headers["x-twilio-signature"]):
        assert secret not in text


@pytest.fixture
def json_log():
    """What this process logs as JSON, until the test is over."""
    written = io.StringIO()
    given = log_lines(debug=False, form="json", level="INFO")
    root = logging.getLogger()
    before, level = list(root.handlers), root.level
    logging.config.dictConfig(given | {"loggers": {}})
    [handler] = [each for each in root.handlers if each not in before]
    handler.setStream(written)
    yield written
    root.handlers, root.level = before, level


@pytest.mark.django_db
def test_a_folded_call_is_a_line_with_its_ids_and_without_words_or_numbers(json_log):
    leg, session = sid(), rtc()
    traces = keep(status(leg, "completed", caller="+15550142"), said(session, "my card is 4111"))
    projector.project(traces)
    found = [line for line in lines(json_log.getvalue()) if line["logger"] == "callstore.projection.saving"]
    [line] = [line for line in found if line["parent_call_sid"] == leg]
    assert line["call_id"] in map(str, traces) and line["position"] > 0 and line["verdict"]
    assert "5550142" not in json_log.getvalue() and "4111" not in json_log.getvalue()


@pytest.mark.django_db
def test_a_call_that_cannot_be_folded_is_named(json_log, monkeypatch):
    def broken(*_):
        raise ValueError("my card is 4111")

    monkeypatch.setattr(projector, "fold", broken)
    [trace] = keep(status(sid(), "completed"))
    projector.project([trace])
    [line] = lines(json_log.getvalue())
    assert (line["level"], line["call_id"]) == ("WARNING", str(trace))
    assert "ValueError in broken" in line["message"] and "4111" not in json_log.getvalue()


def test_each_process_of_the_table_logs_under_its_name():
    for process in processes("127.0.0.1", 8000):
        argv = process.argv[1:]
        argv = [f"/venv/{argv[1]}/__main__.py", *argv[2:]] if argv[0] == "-m" else argv
        assert process_name(argv) == process.name
