"""A recorded call in a folder, as the deliveries it was made of. tests/scenarios has some."""

import zipfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import orjson

from callstore.base.environment import BASE_DIR, IN_CLONE
from callstore.domain.facts import ids, written
from callstore.domain.facts.clock import unix
from callstore.domain.facts.events import LegStatus, RecordingAnalysed, RecordingStatus
from callstore.domain.facts.record import Draft, Record
from callstore.domain.facts.vocabulary import TERMINAL
from callstore.rehearsal.scenarios.stand_in import stand_in
from ingest.dialects.parse import mapping, text
from ingest.providers.delivery import Delivery
from ingest.providers.provider import discovered, normalise

# A wheel brings them along; pyproject.toml says where from.
LIBRARY = BASE_DIR / "tests" / "scenarios" if IN_CLONE else Path(__file__).with_name("library")


MOST_BYTES = 2**30  # of a fixture.zip unpacked, which somebody may have sent with a bug; no call has so many


class Unreadable(Exception):
    """There is no scenario where somebody said there is, or its file is not as a scenario's has to be."""


@dataclass(frozen=True, slots=True)
class Scenario:
    """Deliveries in arrival order, unsigned; the recording if there is one; the labels of `scenario.json`.

    `facts` are those that no delivery brought: what was heard in a recording that did not come along.

    `witnesses` names what was there to see the call (all, no_recording…), `conditions` what was odd.
    """

    name: str
    deliveries: tuple[Delivery, ...]
    recording: Path | zipfile.Path | None
    expect: Mapping[str, Any]
    witnesses: str | None = None
    conditions: tuple[str, ...] = ()
    facts: tuple[Record, ...] = ()


def load(name: str | Path) -> Scenario:
    """A scenario by its name under tests/scenarios, its folder, a file of it, or as the API packs it.

    Raises Unreadable.
    """
    known = LIBRARY / name / "deliveries.jsonl"
    given = known if known.is_file() else Path(name)
    folder: Path | zipfile.Path = given if given.is_dir() else given.parent
    file: Path | zipfile.Path = given
    if given.is_dir() or given.name == "scenario.json":  # it tells of the deliveries that stand beside it
        file = folder / "deliveries.jsonl"
    elif is_packed(given):
        folder = _opened(given)
        file = folder / "deliveries.jsonl"
    if not file.is_file():
        names = ", ".join(sorted(found.parent.name for found in LIBRARY.glob("*/deliveries.jsonl")))
        raise Unreadable(f"there is no scenario {name}; known are: {names or 'none'}")
    recording = folder / "recording.wav"
    about = _described(folder / "scenario.json")
    found = Scenario(
        name=folder.resolve().name if isinstance(folder, Path) else given.stem,
        deliveries=tuple(_lines(file)),
        recording=recording if recording.is_file() else None,
        expect=mapping(about.get("expect")),
        witnesses=text(about.get("witnesses")),
        conditions=_words(about.get("conditions")),
        facts=_facts(folder / "facts.jsonl"),
    )
    if not found.deliveries:
        raise Unreadable(f"{file} holds no delivery")
    return found


def _opened(packed: Path) -> zipfile.Path:
    """A fixture.zip as a folder, read in place. Raises Unreadable for one that was made to be large."""
    try:
        archive = zipfile.ZipFile(packed)
    except zipfile.BadZipFile as error:
        raise Unreadable(f"{packed} is no whole archive: {error}") from None
    if sum(part.file_size for part in archive.infolist()) > MOST_BYTES:
        raise Unreadable(f"{packed} unpacks to more than {MOST_BYTES >> 20} MB")
    return zipfile.Path(archive)


def is_packed(file: Path) -> bool:
    """Whether this is a fixture.zip."""
    return file.is_file() and zipfile.is_zipfile(file)


def _described(file: Path | zipfile.Path) -> Mapping[str, Any]:
    if not file.is_file():
        return {}
    try:
        return mapping(orjson.loads(file.read_bytes()))
    except orjson.JSONDecodeError as error:
        raise Unreadable(f"{file} is no JSON: {error}") from error


def _words(value: object) -> tuple[str, ...]:
    return tuple(str(word) for word in value) if isinstance(value, list) else ()


def _facts(file: Path | zipfile.Path) -> tuple[Record, ...]:
    if not file.is_file():
        return ()
    try:
        lines = [orjson.loads(line) for line in file.read_bytes().splitlines() if line.strip()]
        return tuple(written.read(line, position) for position, line in enumerate(lines, 1))
    except (ValueError, KeyError, TypeError) as error:
        raise Unreadable(f"{file} holds a line that is no fact: {error}") from error


def deliveries(folder: Path) -> list[Delivery]:
    """The unsigned deliveries of a scenario's folder, in arrival order. Raises Unreadable."""
    return list(load(folder).deliveries)


def _lines(file: Path | zipfile.Path) -> list[Delivery]:
    found = []
    for number, line in enumerate(file.read_bytes().splitlines(), 1):
        if not line.strip():
            continue
        try:
            found.append(_delivery(orjson.loads(line)))
        except (ValueError, KeyError, TypeError, AttributeError) as error:
            raise Unreadable(f"{file} line {number} is no delivery: {error}") from error
    return found


def _delivery(line: dict[str, str | dict[str, str]]) -> Delivery:
    door, path, body, at = (str(line[name]) for name in ("door", "path", "body", "at"))
    headers = line.get("headers") or {}
    if door not in discovered():
        raise ValueError(f"there is no door {door}")
    if not isinstance(headers, dict):
        raise TypeError("headers must be an object")
    return Delivery(
        door=door,
        path=path,
        headers={name.lower(): value for name, value in headers.items()},
        body=body.encode(),
        received_at=unix(at),
    )


def drafts(scenario: Scenario) -> list[Draft]:
    """All its facts, read without a server."""
    return [draft for delivery in scenario.deliveries for draft in normalise(delivery)]


def ended_at(scenario: Scenario) -> float:
    """When the last leg ended, in Unix seconds; without that, when the last delivery came."""
    reported = [(draft.occurred.at, draft.event) for draft in drafts(scenario)]
    ends = [at for at, event in reported if isinstance(event, LegStatus) and event.status in TERMINAL]
    return max(ends) if ends else max(delivery.received_at for delivery in scenario.deliveries)


def recording_path(scenario: Scenario) -> str | None:
    """The path of the recording at Twilio's API, as its callback names it."""
    for draft in drafts(scenario):
        if isinstance(draft.event, RecordingStatus) and draft.event.url:
            return "/" + draft.event.url.partition("://")[2].partition("/")[2]
    return None


def sound(scenario: Scenario) -> bytes | None:
    """Its recording; of one that did not come along a stand-in, by what was heard in it."""
    if scenario.recording:
        return scenario.recording.read_bytes()
    heard = (fact.event for fact in scenario.facts if isinstance(fact.event, RecordingAnalysed))
    return next(map(stand_in, heard), None)


def leg(scenario: Scenario) -> str | None:
    """A call SID to look the call up by."""
    subjects = [draft.subject for draft in drafts(scenario) if ids.is_of_a_leg(draft.subject)]
    return ids.id_of(subjects[0]) if subjects else None
