"""The parts of a call in which caller and AI met without a <Dial>: conferences and media streams."""

from callstore.domain.call.legs.conference import Conference, Participant
from callstore.findings.rule import Case
from callstore.report.parts import moment
from callstore.report.topology.parts import ConferencePart, StreamPart


def conferences(of: Case) -> list[ConferencePart]:
    """Every conference, and in it the legs as they joined."""
    return [_conference(of, conference) for _, conference in sorted(of.call.conferences.items())]


def _conference(of: Case, conference: Conference) -> ConferencePart:
    return {
        "sid": conference.sid,
        "name": conference.name,
        "started": moment(of, conference.started),
        "ended": moment(of, conference.ended),
        "reason": conference.reason,
        "ended_by": conference.ended_by,
        "participants": [
            {
                "leg": one.leg,
                "label": one.label,
                "joined": moment(of, one.joined),
                "left": moment(of, one.left),
                "reason": one.reason,
            }
            for one in sorted(conference.participants.values(), key=_joined)
        ],
    }


def _joined(one: Participant) -> tuple[float, str]:
    seen = one.joined or one.left
    return seen.at.at if seen else 0.0, one.leg


def streams(of: Case) -> list[StreamPart]:
    """Every media stream."""
    return [
        {
            "sid": stream.sid,
            "leg": stream.leg,
            "started": moment(of, stream.started),
            "stopped": moment(of, stream.stopped),
            "failed": moment(of, stream.failed),
            "error_code": stream.error_code,
        }
        for _, stream in sorted(of.call.streams.items())
    ]
