"""How facts about media streams fold: each by its SID, its first word of a kind stays."""

from callstore.domain.call.call import Call
from callstore.domain.call.media import MediaStream
from callstore.domain.call.observation import Observation
from callstore.domain.facts.events import StreamStatus


def stream_status(call: Call, leg: str, event: StreamStatus, seen: Observation) -> None:
    stream = call.streams.setdefault(event.stream, MediaStream(event.stream, leg))
    stream.error_code = event.error_code or stream.error_code
    match event.state:
        case "started":
            stream.started = stream.started or seen
        case "stopped":
            stream.stopped = stream.stopped or seen
        case "error":
            stream.failed = stream.failed or seen
