"""The media stream that should carry the call to the AI was refused, or broke before a word was exchanged."""

from collections.abc import Iterator

from callstore.domain.analysis.answering import agent_spoke, caller_spoke
from callstore.domain.call.call import Call
from callstore.domain.call.media import MediaStream
from callstore.domain.call.observation import Observation
from callstore.findings.rule import Case, Finding, positions

# Twilio's errors of media streams (twilio.com/docs/api/errors: 31900 to 31999).
CODES = "319"
# Where nobody watched the session, a stream that lasted longer may have carried a conversation.
SOON_S = 10.0


def find(case: Case) -> Iterator[Finding]:
    call, ending = case.call, case.ending
    if call.child is not None or ending.end is None:
        return
    if caller_spoke(call, case.hearing) or agent_spoke(call, case.hearing):
        return
    stream = _last(call)
    warned = [w for w in call.warnings if w.level == "error" and _is_of_a_stream(w.code)]
    broken = _broken(stream, [w.seen for w in warned])
    if broken is None or not _carried_nothing(case, stream, broken):
        return
    code = (stream.error_code if stream else None) or (warned[0].code if warned else None)
    refused = stream is None or stream.started is None
    yield Finding(
        slug="stream_failed",
        says="The media stream was "
        + ("refused" if refused else "broken before a word was exchanged")
        + (f" (Twilio error {code})." if code else "."),
        certainty="shown",
        evidence=positions(stream.started if stream else None, broken, *(w.seen for w in warned), ending.end),
        start=broken.at.at,
        end=ending.moment,
        missing=() if code else ("the error's number (Twilio's debugger)",),
    )


def _is_of_a_stream(code: str) -> bool:
    return code.startswith(CODES) and len(code) == 5


def _last(call: Call) -> MediaStream | None:
    """The last stream: one that failed and was tried again decides nothing."""

    def began(stream: MediaStream) -> float:
        first = stream.started or stream.failed or stream.stopped
        return first.at.at if first else 0.0

    return max(call.streams.values(), key=lambda s: (began(s), s.sid), default=None)


def _broken(stream: MediaStream | None, warned: list[Observation]) -> Observation | None:
    """When the last stream broke; without its callbacks the debugger says so, at its end alone."""
    if stream is None or stream.failed:
        return stream.failed if stream else next(iter(warned), None)
    since = stream.started.at.at if stream.started else 0.0
    return next((seen for seen in warned if seen.at.latest >= since), None)


def _carried_nothing(case: Case, stream: MediaStream | None, broken: Observation) -> bool:
    started = stream.started if stream else None
    return case.hearing.watched or started is None or broken.at.at - started.at.at <= SOON_S
