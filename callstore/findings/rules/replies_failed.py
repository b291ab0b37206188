"""Every reply after the agent's last word failed while the session stayed open: the agent fell mute."""

from collections.abc import Iterator

from callstore.domain.analysis.answering import has_words, replies_in_order
from callstore.domain.call.session import Reply, Session
from callstore.findings.rule import Case, Finding, positions

# A session that fails and closes does so at once; one that lived on for so long stayed open.
STAYS_OPEN_S = 5.0


def find(case: Case) -> Iterator[Finding]:
    session, ending = case.call.session, case.ending
    if session is None or session.last is None or ending.moment is None:
        return
    failed = _failed_since_last_word(session)
    if not failed or not _stayed_open(case, failed):
        return
    seen = [r.finished for r in failed if r.finished]
    errors = ", ".join(dict.fromkeys(r.error for r in failed if r.error)) or "an error without a name"
    said = any(has_words(r) for r in session.replies.values())
    yield Finding(
        slug="replies_failed",
        says=f"Every reply {'after the last word of the agent' if said else 'of the agent'} failed with "
        f"{errors} ({len(failed)}); the session stayed open.",
        certainty="shown",
        evidence=positions(*seen, ending.end),
        start=seen[0].at.at,
        end=ending.moment,
    )


def _failed_since_last_word(session: Session) -> list[Reply]:
    """The replies that followed the last word, if all that came to an end of their own failed; else none."""
    silent: list[Reply] = []
    for _, reply in replies_in_order(session):
        if has_words(reply):
            silent = []
        elif reply.finished and reply.status != "cancelled":
            silent.append(reply)
    return silent if all(reply.status == "failed" for reply in silent) else []


def _stayed_open(case: Case, failed: list[Reply]) -> bool:
    """Whether the session outlived the first failure: by its frames, or until somebody left or hung up."""
    session, ending = case.call.session, case.ending
    first = failed[0].finished
    if session is None or session.last is None or first is None or ending.moment is None:
        return False
    if ending.sockets.blind:
        return False  # what the agent said later nobody saw
    close = ending.close
    if close and (ending.surely_after(close.seen.at.at) or (close.said and not ending.acted)):
        return False
    until = ending.moment if ending.acted else session.last.at.at
    return until - first.at.at >= STAYS_OPEN_S
