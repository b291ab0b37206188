"""OpenAI's content filter stopped the agent and the session ended with it (P25)."""

from collections.abc import Iterator

from callstore.findings.rule import Case, Finding, positions

# The session follows a filtered reply at once; a call that goes on longer survived it.
FOLLOWS_S = 10.0


def find(case: Case) -> Iterator[Finding]:
    session, ending = case.call.session, case.ending
    if session is None or ending.moment is None or ending.acted or ending.sockets.lived_on:
        return
    close = ending.close
    told = close is not None and close.reason == "content"
    filtered = [r.finished for r in session.replies.values() if r.reason == "content_filter" and r.finished]
    last = max(filtered, key=lambda s: (s.at.at, s.position), default=None)
    ended = close.seen.at.at if close else ending.moment
    if not told and (last is None or ended - last.at.at > FOLLOWS_S or _went_on(case, last.at.at)):
        return
    yield Finding(
        slug="content_filter",
        says="OpenAI's content filter stopped the agent" + (" and the session closed." if close else "."),
        certainty="shown" if told or (close and close.said) else "consistent",
        evidence=positions(last, close.seen if close else None, ending.end),
        start=last.at.at if last else ended,
        end=ending.moment,
        missing=() if close else ("a close of the AI session", "a safety webhook"),
    )


def _went_on(case: Case, at: float) -> bool:
    """Another reply was completed after the filtered one."""
    session = case.call.session
    replies = session.replies.values() if session else ()
    return any(r.status == "completed" and r.finished and r.finished.at.at > at for r in replies)
