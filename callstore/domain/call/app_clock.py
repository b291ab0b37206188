"""How far the application's clock is off, by what cannot be: received before it happened, begun unasked.

Its moments are set right by that much.
"""

from collections.abc import Iterable, Iterator, Sequence
from itertools import pairwise

from callstore.domain.call.observation import Anomaly
from callstore.domain.facts import ids
from callstore.domain.facts.clock import Clock
from callstore.domain.facts.events import ApiCalled, Frame, LegStatus, SessionOffered, SocketOpened
from callstore.domain.facts.record import Record

# Hosts that keep time agree to about a tenth of a second; less than this is no fault of a clock.
OFF_S = 0.25
ODD_S = 1.0
# How far a delivery may be from all others before it is no measure of the clock.
ALONE_S = 5.0
# An application answers an offer within this, the cut second of the offer's stamp included.
ANSWERS_S = 2.0


def ahead_of_ours(records: Sequence[Record]) -> tuple[float, list[Anomaly]]:
    """Seconds that the application's clock is ahead (negative: behind), with the anomaly that says so.

    Nothing is received before it happened: whose facts seem to be has a clock that is ahead of ours. Where
    the provider's seem to be as well, it is our receipts that are odd (a replay, our own clock).
    """
    least: dict[Clock, float] = {}
    for record in records:
        clock, lag = record.occurred.clock, record.received_at - record.occurred.at
        if lag < least.get(clock, lag + 1):
            least[clock] = lag
    lag = least.get(Clock.APP, 0.0)
    if lag <= -OFF_S:
        lag = _borne_out(records)
    if lag >= OFF_S:
        return _behind(records, lag)
    return (round(-lag, 3) if lag <= -OFF_S and least.get(Clock.PROVIDER, 0.0) > -ODD_S else 0.0), []


def _borne_out(records: Iterable[Record]) -> float:
    """The least lag of the application's facts, but not that of a delivery which stands alone.

    A single wrong stamp says nothing of a clock.
    """
    fastest: dict[float, float] = {}  # of each delivery, by when it came
    for record in records:
        if record.occurred.clock is Clock.APP:
            lag = record.received_at - record.occurred.at
            fastest[record.received_at] = min(lag, fastest.get(record.received_at, lag))
    lags = sorted(fastest.values())
    return next((lag for lag, following in pairwise(lags) if following - lag <= ALONE_S), lags[0])


def _behind(records: Sequence[Record], least_lag_s: float) -> tuple[float, list[Anomaly]]:
    """A clock that is behind looks like a slow way, until its session begins before anybody asked for it.

    It is behind by at least that, and by no more than the lag of the fact that came the fastest.
    """
    pairs = list(_asked_and_begun(records))
    if not pairs:
        return 0.0, []
    asked, begun = max(pairs, key=lambda pair: _early_s(*pair))
    early = _early_s(asked, begun)
    if not OFF_S <= early <= least_lag_s:
        return 0.0, []
    behind = round(min(least_lag_s, early + ANSWERS_S), 3)
    before = "OpenAI offered it" if isinstance(asked.event, SessionOffered) else "its leg was dialled"
    says = (
        f"by the application's clock the session began {early:.1f} s before {before}: that clock is behind,"
        f" and its moments are set {behind:.1f} s later"
    )
    return -behind, [Anomaly("app_clock_behind", says, (begun.position, asked.position))]


def _early_s(asked: Record, begun: Record) -> float:
    return asked.occurred.at - begun.occurred.at


def _asked_and_begun(records: Sequence[Record]) -> Iterator[tuple[Record, Record]]:
    """What a session cannot precede, by the provider's stamp, and its first fact by the application's."""
    first: dict[str, Record] = {}
    offers: list[Record] = []
    dials: list[Record] = []
    for record in records:
        event, clock = record.event, record.occurred.clock
        if clock is Clock.APP and isinstance(event, Frame | SocketOpened | ApiCalled):
            known = first.setdefault(record.subject, record)
            if record.occurred.at < known.occurred.at:
                first[record.subject] = record
        elif clock is Clock.PROVIDER and isinstance(event, SessionOffered):
            offers.append(record)
        elif clock is Clock.PROVIDER and isinstance(event, LegStatus) and event.direction == "outbound-dial":
            dials.append(record)
    yield from ((offer, first[offer.subject]) for offer in offers if offer.subject in first)
    if len({dial.subject for dial in dials}) == 1:  # of several it may not be known which is the AI's
        yield from (
            (dial, begun)
            for dial in dials
            if isinstance(dial.event, LegStatus) and dial.event.status == "initiated"
            for subject, begun in first.items()
            if _needs_a_leg(subject)
        )


def _needs_a_leg(subject: str) -> bool:
    """A session over a websocket of the application's own needs none."""
    return ids.id_of(subject).startswith(("rtc_", "live_"))
