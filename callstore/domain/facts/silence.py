"""How long nothing was heard of a call, and how long a call can last. The clock is the asker's."""

from collections.abc import Iterable

from callstore.domain.facts import ids
from callstore.domain.facts.record import AUDIO, OPERATOR, Record

# A leg lasts four hours at most (twilio.com/docs/voice/twiml/dial, timeLimit), a Realtime session 60 minutes
# (platform.openai.com/docs/guides/realtime-conversations).
LONGEST_LEG_S = 4 * 3600.0
LONGEST_SESSION_S = 3600.0


def last_news(records: Iterable[Record]) -> Record | None:
    """The fact that arrived last of those that somebody told us; what callstore did or heard is no news."""
    told = (r for r in records if r.source not in (AUDIO, OPERATOR) and ids.is_of_a_call(r.subject))
    return max(told, key=lambda r: (r.received_at, r.position), default=None)


def longest_s(records: Iterable[Record]) -> float:
    """How long a call of these facts can last at most: a leg's limit, where a leg is known."""
    return LONGEST_LEG_S if any(ids.is_of_a_leg(r.subject) for r in records) else LONGEST_SESSION_S
