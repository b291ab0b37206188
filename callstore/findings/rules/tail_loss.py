"""The caller left right after speaking: the last turn was heard, its text never came (P14)."""

from collections.abc import Iterator

from callstore.findings.rule import Case, Finding, positions

# Transcription runs some seconds behind; a turn closed longer ago than this had its time.
TRANSCRIBING_S = 3.0


def find(case: Case) -> Iterator[Finding]:
    ending, session = case.ending, case.call.session
    if not (ending.caller_left and ending.end and session) or ending.deserted:
        return
    # The idle timeout commits a turn as well, which nobody began or ended.
    closed = [t for t in session.turns.values() if t.stopped or (t.committed and t.started)]
    last = max(closed, key=lambda t: t.place, default=None)
    if last is None or last.transcribed or last.failed:
        return
    at = last.committed or last.stopped
    if at is None or ending.surely_after(at.at.at + TRANSCRIBING_S):
        return
    yield Finding(
        slug="tail_loss",
        says="The caller left before the text of the last turn arrived.",
        certainty="shown" if ending.caller_left_shown else "consistent",
        evidence=positions(last.started, at, *ending.caller_left_by, ending.end),
        start=last.started.at.at if last.started else at.at.at,
        end=ending.end.at.middle,
    )
