"""A recorded call on its whole way: appended, projected, its recording taken and heard."""

import shutil

from callstore.eventlog.writing.append import append
from callstore.projection import projector, queries
from callstore.rehearsal.scenarios.rebase import rebased
from callstore.rehearsal.scenarios.scenario import drafts, load
from ingest.recordings import take
from tests.projection.facts import traces_of


def heard_call(name, monkeypatch):
    """The document of a fresh copy of a recorded call. Its sound is kept where RECORDING_STORAGE says."""
    story = load(name)

    def download(account, url, file):
        with story.recording.open("rb") as source:
            shutil.copyfileobj(source, file)

    monkeypatch.setattr(take, "download", download)
    told = drafts(rebased(story, 0))
    append(told)
    subjects = {draft.subject for draft in told if draft.is_of_a_call}
    [entry] = projected(subjects)["recordings"]
    take.take("AC" + "a" * 32, entry["leg"], entry["recording"], "https://api.twilio.com/x")
    return projected(subjects)


def projected(subjects):
    """The document of the call of these subjects, projected once more."""
    projector.project(traces_of(subjects))
    return queries.find(next(s for s in subjects if s.startswith("twilio:CA")).removeprefix("twilio:"))
