"""Labelled calls through the real reading, hearing, fold and rules, without a server: are we right?"""

import hashlib
from collections.abc import Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, TypedDict

from django.conf import settings

from callstore.audio.analysis import analyse
from callstore.domain.facts.clock import unix
from callstore.domain.facts.events import RecordingStatus
from callstore.domain.facts.record import Draft, Record
from callstore.rehearsal.scenarios.scenario import Scenario, Unreadable, drafts, is_packed, load
from callstore.report.document import Report
from callstore.report.report import report
from ingest.recordings.take import analysed


class Mistake(TypedDict):
    """A label that was not met."""

    expected: object
    got: object


@dataclass(frozen=True, slots=True)
class Outcome:
    """One scenario: what was expected, what came out, and where they differ."""

    name: str
    expected: Mapping[str, object]
    document: Report
    wrong: Mapping[str, Mistake]
    witnesses: str | None = None
    conditions: tuple[str, ...] = ()


def scenarios(folder: Path) -> list[Path]:
    """The scenario folders in `folder`, or `folder` itself if it is one, or one packed. Raises Unreadable."""
    if is_packed(folder):
        return [folder]
    found = sorted(path.parent for path in folder.rglob("scenario.json"))
    if not found:
        raise Unreadable(f"there is no scenario.json in {folder}")
    return found


def evaluate(folder: Path) -> Outcome:
    """One scenario, compared with its label."""
    scenario = load(folder)
    document = report(records(scenario), settings.FINISH_TOOLS)
    wrong: dict[str, Mistake] = {
        name: {"expected": wanted, "got": document.get(name)}
        for name, wanted in scenario.expect.items()
        if not matches(wanted, document.get(name))
    }
    return Outcome(scenario.name, scenario.expect, document, wrong, scenario.witnesses, scenario.conditions)


def evaluate_all(folders: Sequence[Path], jobs: int = 1) -> list[Outcome]:
    """Many scenarios, in so many processes."""
    if jobs <= 1:
        return [evaluate(folder) for folder in folders]
    with ProcessPoolExecutor(jobs) as pool:
        return list(pool.map(evaluate, folders, chunksize=4))


def records(scenario: Scenario) -> list[Record]:
    """The facts of a scenario as the log would hold them, the recording analysed."""
    kept = [recorded(draft, position) for position, draft in enumerate(drafts(scenario), start=1)]
    kept += [replace(fact, position=position) for position, fact in enumerate(scenario.facts, len(kept) + 1)]
    if scenario.recording:
        kept += _analysed(scenario.recording.read_bytes(), kept)
    return kept


def recorded(draft: Draft, position: int) -> Record:
    """A draft as if the log had taken it at this position."""
    mark = f":{hashlib.sha256(draft.fingerprint).hexdigest()[:32]}" if draft.fingerprint else ""
    return Record(
        position=position,
        source=draft.source,
        subject=draft.subject,
        key=draft.key + mark,
        event=draft.event,
        occurred=draft.occurred,
        received_at=draft.received_at,
        refs=draft.refs,
        sequence=draft.sequence,
        backfilled=draft.backfilled,
    )


def matches(wanted: Any, got: Any) -> bool:
    """Whether a value fulfils its label: equal, about, has and lacks, any of, not empty."""
    if not isinstance(wanted, dict):
        return bool(wanted == got)
    if "about" in wanted:
        return got is not None and bool(abs(_number(got) - _number(wanted["about"])) <= wanted["within"])
    if "any_of" in wanted:
        return got in wanted["any_of"]
    if "not_empty" in wanted:
        return bool(got) is bool(wanted["not_empty"])
    return set(wanted.get("has", ())) <= set(got or ()) and not set(wanted.get("lacks", ())) & set(got or ())


def _number(value: Any) -> float:
    return unix(value) if isinstance(value, str) else float(value)


def _analysed(media: bytes, kept: list[Record]) -> list[Record]:
    """The analysis that a fetch of the scenario's recording would have appended."""
    for record in reversed(kept):
        if isinstance(record.event, RecordingStatus) and record.event.status == "completed":
            recording = record.event.recording
            event = analysed(recording, analyse(media), hashlib.sha256(media).hexdigest())
            return [replace(record, position=len(kept) + 1, source="audio", key="analysed", event=event)]
    return []
