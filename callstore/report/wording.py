"""A verdict in plain words: the headline, the sentence under it, and what was seen beside it. Pure."""

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from callstore.domain.facts.vocabulary import Actor, Cause, GapKind, VerdictWord
from callstore.report.document import Report

# cause → headline; a cause without one is told by its verdict.
BY_CAUSE: dict[Cause, str] = {
    "silent_session_loss": "The AI session fell silent before the call ended",
    "drop_mid_speech": "The AI session closed while it was hearing the caller",
    "server_error": "The AI session failed with an error and closed",
    "session_closed_early": "The AI session closed before the call ended",
    "agent_finished": "The call came to its natural end",
    "app_hangup": "Our application hung up",
    "caller_hangup": "The caller hung up",
    "tail_loss": "The caller hung up right after speaking",
    "never_reached_app": "The AI's endpoint did not take the call, nor ask our application in time",
    "never_accepted": "Our application did not accept the call",
    "accept_refused": "OpenAI refused our application's accept",
    "accepted_unusable": "The AI accepted the call and had no session for it",
    "region_mismatch": "The call was accepted at an API that did not know it",
    "ghost_call": "The caller had gone before anybody spoke",
    "standalone_leg": "The AI was called with nobody else on the line",
    "stream_failed": "The media stream to the AI failed",
    "deaf_session": "The AI session was open and did not hear the caller",
    "mute_agent": "The agent spoke and could not be heard",
    "replies_failed": "Every reply of the agent failed, and the session stayed open",
    "false_finish": "The agent finished the call on a caller who was still talking",
    "flow_redirect": "Our own flow took the call away from the AI",
    "refer_lost": "The call was referred and never arrived",
    "twilio_limit": "The AI leg reached Twilio's time limit",
    "max_duration": "The AI session reached its maximum duration",
    "beta_shape": "The AI session refused the application's old protocol",
    "account_refused": "The AI session was refused for the account's sake",
    "content_filter": "The AI session was stopped by the content filter",
}
CUT_OFF: dict[Cause, str] = {
    "silent_session_loss": "The AI session fell silent while the caller was still speaking",
    "drop_mid_speech": "The AI session closed while the caller was still speaking",
    "app_hangup": "Our application hung up while the caller was still speaking",
}
BY_VERDICT: dict[VerdictWord, str] = {
    "live": "The call is still running",
    "inconclusive": "Nothing that was seen says who ended this call",
}
UNJUDGED = "This call has not been judged yet"
OTHER_FINDINGS = {
    "header_dropped": "Correlation defect, not the cause",
    "parent_followed_child": "Amplifier, not the cause",
    "transcription_failed": "Transcription failed",
    "sideband_drop": "An observer was lost, the session went on",
    "vad_stuck": "The AI's voice detector hung",
    "idle_chain": "The caller was silent",
    "double_observer": "Two sockets spoke at once",
    "barge_in": "The caller spoke over the agent",
    "no_close_notice": "No close of the session was seen",
}
# Of findings across calls; one of them has the name of a finding about one call.
CROSS_CALL = {
    "timer_cluster": "Other legs ended after the same time",
    "provider_incident": "Trouble at the time",
    "region_mismatch": "Other accepts were lost, too",
}
ENDED_FIRST: dict[Actor, str] = {
    "ai": "the AI side", "caller": "the caller", "app": "our application", "twilio": "Twilio",
    "unknown": "not known",
}  # fmt: skip
GAPS: dict[GapKind, str] = {
    "none": "no gap",
    "pending": "transcript pending",
    "heard_not_transcribed": "heard, not transcribed",
    "not_heard": "not heard by the AI",
    "unknown": "not known",
}


class OtherConversation(NamedTuple):
    """Where it began on the axis, its verdict as a word, and why."""

    start_s: float | None
    verdict: str
    says: str


class OtherFinding(NamedTuple):
    """A finding that did not decide, and in `title` what it is in place of the cause."""

    slug: str
    title: str
    says: str
    calls: Sequence[str] = ()


def headline(document: Report) -> str:
    """Why the call ended, in one sentence."""
    cause, verdict = document.get("cause"), document.get("verdict")
    if cause and "truncated" in (document.get("flags") or ()) and cause in CUT_OFF:
        return CUT_OFF[cause]
    if cause and cause in BY_CAUSE:
        return BY_CAUSE[cause]
    if verdict == "never_connected":
        return _never_connected(document)
    return BY_VERDICT.get(verdict, UNJUDGED) if verdict else UNJUDGED


def sentence(document: Report) -> str:
    """The sentence under the headline; where that has said it all, what is missing."""
    judgement = document.get("judgement")
    if judgement is None:
        return ""
    if document.get("verdict") == "inconclusive" and not document.get("cause") and judgement["missing"]:
        return f"Missing: {'; '.join(judgement['missing'])}."
    return judgement["says"]


def _never_connected(document: Report) -> str:
    """Of a leg that no finding explains: our own word, else how it ended."""
    if document.get("ended_first_by") == "app":
        return "Our application rejected the call"
    how = leg_status(document.get("child_status"), document.get("sip_response_code"))
    return f"The AI leg never connected: {how}"


def leg_status(status: str | None, sip_code: int | None = None) -> str:
    """A leg's status as people say it."""
    said = (status or "ended").replace("-", " ")
    return f"{said} · SIP {sip_code}" if sip_code else said


def other_conversations(document: Report) -> Iterator[OtherConversation]:
    """The conversations of the call that did not decide, as they began."""
    for other in document.get("other_conversations") or ():
        verdict = other["verdict"] or "not judged"
        yield OtherConversation(
            other["start_s"], f"{verdict}{', truncated' * other['truncated']}", other["says"]
        )


def other_findings(document: Report) -> Iterator[OtherFinding]:
    """Findings that did not decide, each with what it is in place of the cause."""
    for finding in document.get("findings") or ():
        if finding["slug"] != document.get("cause") or "calls" in finding:
            slug = finding["slug"]
            if slug == "no_close_notice" and document.get("ai_close_observed") is False:
                continue  # told by the sentence, the evidence and what is missing
            if slug == "parent_followed_child" and "suspicious" not in (document.get("flags") or ()):
                slug = "our_flow"  # after a clean end this is how it is meant, and made nothing worse
            titles = CROSS_CALL if "calls" in finding else OTHER_FINDINGS
            title = titles.get(slug, slug.replace("_", " ").capitalize())
            yield OtherFinding(finding["slug"], title, finding["says"], finding.get("calls", ()))
    yield from _overlap(document)


def _overlap(document: Report) -> Iterator[OtherFinding]:
    """What status pages reported, where no finding says it."""
    if any(finding["slug"] == "provider_incident" for finding in document.get("findings") or ()):
        return
    for entry in document.get("incidents") or ():
        says = f"{entry['provider']} reported “{entry['title']}” at the time; overlap is not cause."
        yield OtherFinding("provider_incident", CROSS_CALL["provider_incident"], says)
