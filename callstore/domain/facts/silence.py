"""How long nothing was heard of a call, and how long a call lasts. The clock is the asker's.

Whoever goes by such a length takes it from here.
"""

from collections.abc import Iterable

from callstore.domain.facts import ids
from callstore.domain.facts.record import AUDIO, OPERATOR, Record

# Twilio ends a leg after four hours, unless its account or the call itself was set to more: 24 hours at most
# (twilio.com/en-us/blog/introducing-configurable-call-limits-for-programmable-voice). Who must miss no call,
# as a window of time, goes by the most that can be set. Our own question whether a call is over goes by what
# holds mostly: of a call that was set to more it is asked early, and its next news takes the answer back.
LONGEST_LEG_S = 24 * 3600.0
USUAL_LEG_S = 4 * 3600.0
# A Realtime session lasts 60 minutes (platform.openai.com/docs/guides/realtime-conversations).
LONGEST_SESSION_S = 3600.0


def last_news(records: Iterable[Record]) -> Record | None:
    """The fact that arrived last of those that somebody told us; what callstore did or heard is no news."""
    told = (r for r in records if r.source not in (AUDIO, OPERATOR) and ids.is_of_a_call(r.subject))
    return max(told, key=lambda r: (r.received_at, r.position), default=None)


def longest_s(records: Iterable[Record]) -> float:
    """How long a call of these facts mostly lasts at most: a leg's usual limit, where a leg is known."""
    return USUAL_LEG_S if any(ids.is_of_a_leg(r.subject) for r in records) else LONGEST_SESSION_S
