"""Fetches a recording, keeps it, hears it, and appends what was heard."""

import errno
import hashlib
import io
import logging
import tempfile
from collections.abc import Callable, Iterable
from time import time
from typing import TYPE_CHECKING, BinaryIO

from callstore.audio.unreadable import CutShort, Unreadable
from callstore.domain.facts import ids
from callstore.domain.facts.events import Event, RecordingAnalysed, RecordingFailed, RecordingRemoved
from callstore.domain.facts.record import Record
from callstore.eventlog.crypto import keyring
from callstore.eventlog.reading import read
from callstore.eventlog.writing.append import append
from callstore.media.kinds import KINDS
from callstore.media.storage import storage
from callstore.media.store import CHUNK
from ingest.dialects import own_facts
from ingest.recordings.download import download
from ingest.recordings.transfer import FetchFailed

if TYPE_CHECKING:  # what hears takes 20 MB, which a process has from its first recording on
    from callstore.audio.analysis import Analysis

log = logging.getLogger(__name__)

DAY_S = 86_400


def take(account_sid: str, leg: str, recording: str, url: str) -> None:
    """Brings one recording of a leg into the log, once. Raises FetchFailed as does `keep`."""
    keep(leg, recording, lambda file: download(account_sid, url, file))


def keep(leg: str, recording: str, fetch: Callable[[BinaryIO], None]) -> None:
    """Brings one recording into the log, once: of a leg, or of an AI session, by its id.

    `fetch` writes its bytes into a file. Raises FetchFailed where it cannot be had (yet).

    Nothing is lost and nothing doubled by doing it again, or twice at the same time: files replace
    themselves whole, and the fact has one key. Of an erased call nothing is fetched, and nothing stays that
    was fetched while it was being erased.
    """
    if keyring.is_destroyed(ids.subject_of(leg)):
        discard(recording)
        return
    try:
        if _is_taken(leg, recording):
            return
        with tempfile.TemporaryFile() as file:
            fetch(file)
            event = _analyse(recording, file)
    except CutShort as error:
        raise FetchFailed("cut-short", f"not all of it came: {error}") from None
    except Unreadable as error:
        raise FetchFailed("unreadable", f"unreadable: {error}", permanent=True) from None
    except OSError as error:
        raise _not_kept(error) from None
    append([own_facts.recording_analysed(leg, event)])
    if keyring.is_destroyed(ids.subject_of(leg)):
        discard(recording)
    elif _is_removed(_facts(leg), recording):
        discard(recording, KINDS)


def _not_kept(error: OSError) -> FetchFailed:
    if error.errno in (errno.ENOSPC, errno.EDQUOT):
        return FetchFailed("disk-full", "disk full", ours=True)
    return FetchFailed("not-kept", f"not kept: {error.strerror or type(error).__name__}", ours=True)


def discard(recording: str, kinds: Iterable[str] = (*KINDS, "peaks")) -> int:
    """Removes what is kept of a recording, or these kinds of it; how many files that were."""
    return sum(storage().remove(f"{recording}.{kind}") for kind in kinds)


def remove_sound(leg: str, recording: str, after_days: int) -> None:
    """Removes the sound of a recording and appends that it was done; its waveform stays. Raises OSError.

    The sound goes first: what is appended is true, and who is interrupted before is asked again. It goes once
    more for who kept it in between, without having seen what is appended: nobody would ask for that.

    When a call began may be told by who may add facts and take none away. So a sound also stays for as long
    after it was first heard here, which no fact of others moves.
    """
    if (heard := _heard_at(leg, recording)) is not None and time() - heard < after_days * DAY_S:
        return
    discard(recording, KINDS)
    if not keyring.is_destroyed(ids.subject_of(leg)):
        event = RecordingRemoved(recording=recording, after_days=after_days)
        append([own_facts.recording_removed(leg, event)])
        discard(recording, KINDS)


def names(recording: str, kind: str = "wav") -> tuple[str, str]:
    """The keys under which a recording's bytes and its peaks are kept."""
    return f"{recording}.{kind}", f"{recording}.peaks"


def give_up(leg: str, recording: str, failure: FetchFailed, *, permanent: bool) -> None:
    """Appends that a recording could not be had, and why. Of an erased call nothing is said any more."""
    if keyring.is_destroyed(ids.subject_of(leg)):
        return
    found_by = {"subjects": [ids.subject_of(leg)], "recording": recording}
    log.warning("recording %s: %s", recording, failure.reason, extra=found_by)
    event = RecordingFailed(
        recording=recording, reason=failure.reason, permanent=permanent, gone=failure.gone
    )
    given_up = permanent and not failure.permanent
    append([own_facts.recording_failed(leg, event, failure.slug, given_up=given_up)])


def _is_taken(leg: str, recording: str) -> bool:
    from callstore.audio.speech import ANALYSER

    facts = _facts(leg)
    if _is_removed(facts, recording):
        return True
    kept = storage()
    return any(
        isinstance(fact, RecordingAnalysed)
        and (fact.recording, fact.analyser) == (recording, ANALYSER)
        and kept.size(fact.media) is not None
        and kept.size(fact.peaks) is not None
        for fact in facts
    )


def _records(leg: str) -> list[Record]:
    trace = read.trace_of(ids.subject_of(leg))
    return list(read.records([trace])) if trace else []


def _facts(leg: str) -> list[Event]:
    return [record.event for record in _records(leg)]


def _heard_at(leg: str, recording: str) -> float | None:
    """When a recording was first heard, in Unix seconds by our clock; None for one that never was."""
    heard = (
        record.received_at
        for record in _records(leg)
        if isinstance(record.event, RecordingAnalysed) and record.event.recording == recording
    )
    return min(heard, default=None)


def _is_removed(facts: Iterable[Event], recording: str) -> bool:
    return any(isinstance(fact, RecordingRemoved) and fact.recording == recording for fact in facts)


def _analyse(recording: str, file: BinaryIO) -> RecordingAnalysed:
    from callstore.audio.analysis import analyse

    file.seek(0)
    analysis = analyse(file)
    event = analysed(recording, analysis, _digest(file))
    storage().put(event.media, file)
    storage().put(event.peaks, io.BytesIO(analysis.peaks))
    return event


def analysed(recording: str, analysis: "Analysis", sha256: str) -> RecordingAnalysed:
    """What was heard as a fact, naming the keys under which bytes and peaks are kept."""
    from callstore.audio.speech import ANALYSER

    media, peaks = names(recording, analysis.kind)
    return RecordingAnalysed(
        recording=recording,
        analyser=ANALYSER,
        duration_s=analysis.duration_s,
        sample_rate=analysis.sample_rate,
        channels=analysis.channels,
        sha256=sha256,
        media=media,
        peaks=peaks,
        caller=analysis.caller,
        agent=analysis.agent,
        echo=analysis.echo,
        agent_echo=analysis.agent_echo,
    )


def _digest(file: BinaryIO) -> str:
    file.seek(0)
    digest = hashlib.sha256()
    while chunk := file.read(CHUNK):
        digest.update(chunk)
    return digest.hexdigest()
