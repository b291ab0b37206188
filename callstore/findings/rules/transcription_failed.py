"""Transcription of turns failed while the conversation went on (P11). A gap in the text, never a cut-off."""

from collections.abc import Iterator

from callstore.findings.rule import Case, Finding, positions


def find(case: Case) -> Iterator[Finding]:
    session = case.call.session
    failed = [t for t in session.turns.values() if t.failed and not t.transcribed] if session else []
    if not failed:
        return
    seen = [t.failed for t in failed if t.failed]
    yield Finding(
        slug="transcription_failed",
        says=f"Transcription failed; turns without text: {len(failed)}.",
        certainty="shown",
        evidence=positions(*seen),
        start=min(s.at.at for s in seen),
        end=max(s.at.at for s in seen),
    )
