"""Recorded calls, spoilt in every way, in the real log: none is parked, and every page of each is there."""

import pytest

from callstore.domain.facts import ids
from callstore.eventlog.writing.append import append
from callstore.projection import projector, queries
from dashboard.call.text_report import text_report
from ingest.dialects import own_facts
from ingest.providers.provider import normalise
from tests.hostile.calls import FOLDERS, facts, spoilt
from tests.hostile.told import advised
from tests.ingest import deliveries as given
from tests.projection.facts import traces_of

pytestmark = pytest.mark.django_db

EACH = 1  # of every recorded call; hundreds of each were tried
PAGES = (
    "/calls/{}", "/calls/{}?t=12", "/calls/{}/history", "/calls/{}/history?part=", "/calls/{}/report",
)  # fmt: skip
ANSWERS = (
    "", "/timeline", "/figure.json", "/events", "/history", "/fixture.zip", "/bundle.zip?for=openai",
    "/bundle.zip?for=twilio",
)  # fmt: skip
LISTS = (
    "/calls?q={}", "/calls?q={}&sort=child_ended_at", "/api/v1/calls?q={}",
    "/api/v1/incidents.csv?q={}", "/api/v1/incidents.jsonl?q={}",
)  # fmt: skip


@pytest.mark.parametrize("seed", range(EACH))
@pytest.mark.parametrize("folder", FOLDERS, ids=lambda folder: folder.name)
def test_a_spoilt_call_is_projected_and_shown(folder, seed, reader, caplog):
    deliveries, done = spoilt(folder, seed, fresh=True)
    try:
        subjects = kept(deliveries, seed)
        projector.project(traces_of(subjects))
        assert "Not projected" not in caplog.text
        for call_id in {shown(reader, subject) for subject in subjects}:
            assert text_report(queries.find(call_id))
    except Exception as error:
        error.add_note(f"{folder.name}, seed {seed}: {done}")
        raise


def test_a_call_with_a_status_that_nobody_knows_after_its_end_is_shown(reader, caplog):
    call = given.sid()
    steps = [("completed", "1"), ("hologram", "2")]
    sent = [given.progress(CallSid=call, CallStatus=status, SequenceNumber=n) for status, n in steps]
    [subject] = kept(sent, 0)
    projector.project(traces_of([subject]))
    assert "Not projected" not in caplog.text
    shown(reader, subject)
    assert queries.find(call)["parent_status"] == "completed"


def kept(deliveries, seed):
    """Append the facts of the deliveries, and what was heard in their recordings. The subjects of calls."""
    drafts = [draft for delivery in deliveries for draft in normalise(delivery)]
    heard = [record for record in facts(deliveries, seed) if record.source == "audio"]
    append(drafts)
    append([own_facts.recording_analysed(ids.id_of(record.subject), record.event) for record in heard])
    return sorted({draft.subject for draft in drafts if draft.is_of_a_call})


def shown(reader, subject):
    """Ask for every page of the call with this subject; its call id."""
    call = queries.find(ids.id_of(subject))
    assert call, f"no call {subject}"
    advised(queries.gist(ids.id_of(subject)))  # the API asks in a thread, which sees only what is committed
    call_id = call["call_id"]
    for path in [*PAGES, *(f"/api/v1/calls/{{}}{answer}" for answer in ANSWERS), *LISTS]:
        answer = reader.get(path.format(call_id))
        assert answer.status_code == 200, f"{path}: {answer.status_code}"
        body = b"".join(answer.streaming_content) if answer.streaming else answer.content
        assert body
    return call_id
