"""The same call once more: every time moved, every id fresh, and nothing else changed."""

import re
import secrets
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime, parsedate_to_datetime
from urllib.parse import quote_plus, unquote_plus

from callstore.rehearsal.scenarios.scenario import Scenario
from callstore.report.disguise.ids import OF_A_CALL, another

_IDS = re.compile(OF_A_CALL)
_ISO = re.compile(r"(\d{4}-\d\d-\d\dT\d\d(?::|%3A)\d\d(?::|%3A)\d\d)(\.\d+)?Z")
_MAIL = re.compile(
    r"(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun)(?:,|%2C)(?P<gap> |\+|%20)\d\d(?: |\+|%20)[A-Z][a-z]{2}(?: |\+|%20)\d{4}"
    r"(?: |\+|%20)\d\d(?::|%3A)\d\d(?::|%3A)\d\d(?: |\+|%20)(?:\+|%2B)0000"
)
_EPOCH = re.compile(r"(?<![0-9A-Za-z.+])\d{10}(?:\d{3})?(?![0-9A-Za-z.])")
# A number is a time of this call only if it lies this near; a session's expiry is an hour ahead.
NEAR_S = 2 * 86_400


def rebased(
    scenario: Scenario, shift: int, choose: Callable[[Sequence[str]], str] | None = secrets.choice
) -> Scenario:
    """The scenario `shift` seconds later and with ids of its own, the same id everywhere it stood.

    Whole seconds only, so that stamps which Twilio cuts to the second stay true to the finer ones.
    `choose` picks the letters of the ids; with None the call keeps those it has.
    """
    fresh: dict[str, str] = {}
    middle = scenario.deliveries[0].received_at

    def moved(text: str) -> str:
        if choose:
            text = _IDS.sub(lambda found: _fresh(found, fresh, choose), text)
        return _times(text, shift, middle)

    return replace(
        scenario,
        deliveries=tuple(
            replace(
                delivery,
                path=moved(delivery.path),
                headers={name: moved(value) for name, value in delivery.headers.items()},
                body=moved(delivery.body.decode()).encode(),
                received_at=delivery.received_at + shift,
            )
            for delivery in scenario.deliveries
        ),
    )


def _fresh(found: re.Match[str], known: dict[str, str], choose: Callable[[Sequence[str]], str]) -> str:
    if found[0] not in known:
        known[found[0]] = another(found[0], found["sid"] or found["prefixed"] or "", choose)
    return known[found[0]]


def _times(text: str, shift: int, near: float) -> str:
    later = timedelta(seconds=shift)

    def iso(found: re.Match[str]) -> str:
        coded = "%3A" in found[0]
        moment = datetime.fromisoformat(found[1].replace("%3A", ":")) + later
        written = moment.isoformat(timespec="seconds")
        return f"{written.replace(':', '%3A') if coded else written}{found[2] or ''}Z"

    def mail(found: re.Match[str]) -> str:
        coded = "%3A" in found[0]
        plain = unquote_plus(found[0]) if coded else found[0]
        written = format_datetime(parsedate_to_datetime(plain).astimezone(UTC) + later)
        return quote_plus(written).replace("+", found["gap"]) if coded else written

    def epoch(found: re.Match[str]) -> str:
        scale = 1000 if len(found[0]) == 13 else 1
        stamp = int(found[0])
        return str(stamp + shift * scale) if abs(stamp / scale - near) < NEAR_S else found[0]

    steps: tuple[tuple[re.Pattern[str], Callable[[re.Match[str]], str]], ...] = (
        (_ISO, iso),
        (_MAIL, mail),
        (_EPOCH, epoch),
    )
    for pattern, move in steps:
        text = pattern.sub(move, text)
    return text
