"""What was to be known of the AI session, and what became of it."""

from callstore.findings.rule import Case
from callstore.report.sources.state import State, awaited, ended

# How long after its moment each may still come: what our own application forwards comes within seconds.
WEBHOOK_S = 60.0
FORWARD_S = 60.0
CLOSE_S = 10.0


def webhook(of: Case) -> State:
    """OpenAI's webhook of the incoming call."""
    child, session = of.call.child, of.call.session
    if session and session.offered:
        return State("present", "OpenAI's webhook for the incoming call was received.")
    if session and session.live.dialled:
        return State("never_expected", "The session dialled out: such a call has no webhook.")
    if session:
        return State("off", "The session is known from its frames; OpenAI's webhooks are not sent to us.")
    first = child.first.at.at if child and child.first else None
    if first is None:
        return State("never_expected", "No leg to the AI is known.")
    why = f"No webhook came within {WEBHOOK_S:.0f} s of the dialling."
    return awaited(of, first, WEBHOOK_S, "It comes while the leg is ringing.", "expired", why)


def _expects_ai(of: Case) -> bool:
    """Whether there was a leg on which a session could have spoken."""
    child, session = of.call.child, of.call.session
    if session and session.accepted:
        return True
    return child is not None and (child.was_answered or child.ended is None)


def _no_session(of: Case) -> str:
    return "The AI leg was not answered." if of.call.child else "No leg to the AI is known."


def events(of: Case) -> State:
    """Events of the session, from whoever observed it."""
    session = of.call.session
    if session and session.frames:
        return State("present", f"{session.frames} events of the session were seen.")
    if not _expects_ai(of):
        return State("never_expected", _no_session(of))
    why = "Nobody observed the session, or its frames are not forwarded."
    return awaited(of, ended(of), FORWARD_S, "None came yet.", "off", why)


def close(of: Case) -> State:
    """A close of the session."""
    session, close, end = of.call.session, of.ending.close, ended(of)
    if close:
        return State("present", "A close was seen" + (f" ({close.code})." if close.code else "."))
    if not _expects_ai(of):
        return State("never_expected", _no_session(of))
    if session is None or not session.frames:
        return awaited(of, end, CLOSE_S, "None came yet.", "off", "Nobody observed the session.")
    if of.ending.sockets.outlived and not of.ending.sockets.outlived.ours:
        return State("failed", "The observer lost its socket while the call went on.")
    if of.ending.sockets.dropped:
        return State("off", "Our own side closed its socket, which says nothing of the session.")
    why = "No close of the session was observed: the socket stayed half-open, or its observer was gone."
    return awaited(of, end, CLOSE_S, "A socket closes within seconds of its leg.", "expired", why)


def transcript(of: Case) -> State:
    """What the session wrote down of the caller."""
    session = of.call.session
    if session is None or not session.accepted:
        return State("never_expected", "There was no session to write anything down.")
    turns = session.turns.values()
    if any(t.transcribed for t in turns):
        how = "" if session.has_detector else ", in intervals of its own clock; it tells of no turns"
        return State("present", f"The session wrote down what it heard{how}.")
    if any(t.failed for t in turns):
        return State("failed", "Every transcription failed.")
    if session.has_detector and session.config and session.config.transcription is None:
        return State("off", "Transcription is off in this session.")
    if of.ending.end is None:
        return State("pending", "No text yet.")
    if not session.has_detector:
        return State("never_expected", "No words of the caller came; Live does not tell what it heard.")
    return State("never_expected", "No turn of the caller was heard.")
