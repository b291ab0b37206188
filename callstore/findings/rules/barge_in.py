"""The caller spoke over the agent and the reply was cut (P24): ordinary, and never an end."""

from collections.abc import Iterator

from callstore.findings.rule import Case, Finding, positions


def find(case: Case) -> Iterator[Finding]:
    session = case.call.session
    replies = session.replies.values() if session else ()
    cut = [r for r in replies if r.status == "cancelled" and r.reason == "turn_detected"]
    if not cut:
        return
    heard = [r for r in cut if r.cleared]
    seen = [s for r in cut if (s := r.finished or r.played)]
    yield Finding(
        slug="barge_in",
        says=f"The caller spoke over the agent; replies cut: {len(cut)}.",
        certainty="shown" if heard else "consistent",
        evidence=positions(*seen, *(r.played for r in heard)),
        start=min((s.at.at for s in seen), default=None),
        end=max((s.at.at for s in seen), default=None),
        missing=() if heard else ("output_audio_buffer.cleared",),
    )
