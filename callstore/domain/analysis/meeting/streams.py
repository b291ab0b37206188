"""How a media stream ended: with its leg, by our application, or broken. Where there is one, no child is."""

from callstore.domain.analysis.takeover import FlowTakeover
from callstore.domain.call.call import Ask, Call
from callstore.domain.call.media import MediaStream
from callstore.domain.call.observation import Observation
from callstore.domain.call.session import Close
from callstore.domain.facts.vocabulary import TERMINAL

# <Connect><Stream> goes on with the next verb at once; its stamps are Twilio's, but cut in two ways.
CLOCKS_S = 1.0
# A leg that goes on for longer than this after its stream is another part of the call.
GOES_ON_S = 5.0


def carrying(call: Call) -> MediaStream | None:
    """The last stream of the caller's leg, which carried the conversation; None where a child leg did."""
    parent = call.parent
    if call.child or parent is None:
        return None
    return max((s for s in call.streams.values() if s.leg == parent.sid), key=_begun, default=None)


def _begun(stream: MediaStream) -> tuple[float, str]:
    first = stream.started or stream.failed or stream.stopped
    return first.at.at if first else 0.0, stream.sid


def asked_after(call: Call, stream: MediaStream | None) -> Ask | None:
    """What Twilio asked when the stream was over: it tells whether the caller was still there."""
    stop = (stream.stopped or stream.failed) if stream else None
    if stream is None or stop is None:
        return None
    after = [
        a for a in call.asks
        if a.kind == "voice" and a.leg == stream.leg and a.asked and a.asked.at.at >= stop.at.at - CLOCKS_S
        and not (stream.started and a.asked.at.at <= stream.started.at.at)
    ]  # fmt: skip
    return min(after, key=lambda a: a.asked.at.at if a.asked else 0.0, default=None)


def stream_given_up(call: Call, end: Observation, close: Close | None) -> FlowTakeover | Observation | None:
    """How our application ended a media stream while the caller was there; an act alone where the call ended.

    It did not where the stream broke, nor where the AI's server had closed the session before.
    """
    stream = carrying(call)
    stop = stream.stopped if stream and stream.failed is None else None
    if stream is None or stop is None or said_before(close, stop):
        return None
    after = asked_after(call, stream)
    if stop.at.at + GOES_ON_S < end.at.at:
        seen = (stop, after.asked, end) if after and after.asked else (stop, end)
        return FlowTakeover("stream", seen, shown=True)
    return stop if after and after.status not in TERMINAL else None


def said_before(close: Close | None, other: Observation) -> bool:
    """Whether the AI's own server said that the session is over before something else was."""
    return close is not None and close.said and close.seen.at.at <= other.at.latest + CLOCKS_S
