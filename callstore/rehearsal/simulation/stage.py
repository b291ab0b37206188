"""Where a story is played: it turns what happens into deliveries, each with the moment it arrives."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from email.utils import formatdate
from functools import lru_cache
from random import Random
from typing import Any, TypeAlias
from urllib.parse import quote_plus

import orjson

from callstore.domain.facts.clock import iso
from callstore.rehearsal.simulation.ids import Ids
from ingest.providers.delivery import Delivery

Told: TypeAlias = tuple[float, dict[str, Any]]  # when the application saw something, and its CloudEvent

SITE = "https://calls.example.com"
FORM = {
    "content-type": "application/x-www-form-urlencoded; charset=UTF-8",
    "user-agent": "TwilioProxy/1.1",
    "accept": "*/*",
}
BATCH = {"content-type": "application/cloudevents-batch+json"}
LINES = {"content-type": "application/x-ndjson"}
# An application's forwarder sends when it has this many events, or has waited this long for another.
BATCH_OF = 20
BATCH_WAITS_S = 5.0
# Shares of deliveries. Twilio sends callbacks independently, again when our answer was lost, and not again
# when it reached nobody; an application that saw no answer repeats its batch.
LATE, TWICE, LOST, BATCH_TWICE = 0.02, 0.015, 0.002, 0.01


# A call's callbacks say mostly the same, in the same fields: quoted once, a call takes a tenth less to tell.
_quoted = lru_cache(maxsize=1_000)(quote_plus)
# What an application need not tell of a call of which little is told.
UNTOLD = frozenset({"twilio.exchange", "realtime.sent", "app.log"})


class Stage:
    """Collects the deliveries of one call, on a `brief` one few of them. Moments are Unix seconds."""

    def __init__(
        self, rng: Random, account: str, source: str, lost: float = LOST, brief: bool = False
    ) -> None:
        self.rng, self.ids = rng, Ids(rng)
        self.account, self.source, self.lost, self.brief = account, source, lost, brief
        self._deliveries: list[Delivery] = []
        self._app: list[tuple[float, dict[str, Any]]] = []

    def twilio(self, at: float, path: str, fields: Mapping[str, str]) -> None:
        """A request that Twilio made at this moment; a few arrive late, twice, or never."""
        rng = self.rng
        if rng.random() < self.lost:
            return
        headers = {**FORM, "i-twilio-idempotency-token": self.ids.token()}
        delay = rng.uniform(0.02, 0.35)
        if rng.random() < LATE:
            delay += rng.uniform(0.5, 4.0)
        form = "&".join([f"{_quoted(name)}={_quoted(value)}" for name, value in fields.items()])
        self._arrives(at + delay, "twilio", path, headers, form.encode())
        if rng.random() < TWICE:
            self._deliveries.append(self._again(rng.uniform(3.0, 12.0)))

    def stream(self, at: float, source: str, kind: str, schema: str, data: Mapping[str, Any]) -> None:
        """One Event Streams element, in a batch of its own, some seconds after it was made."""
        element = {
            "specversion": "1.0",
            "type": f"com.twilio.voice.{kind}",
            "source": source,
            "id": self.ids.twilio("EZ"),
            "dataschema": f"https://events-schemas.twilio.com/{schema}",
            "datacontenttype": "application/json",
            "time": iso(at),
            "data": data,
        }
        headers = {"content-type": "application/json", "user-agent": "TwilioProxy/1.1"}
        body = orjson.dumps([element])
        self._arrives(at + self.rng.uniform(0.3, 2.5), "twilio", "/hooks/twilio/events", headers, body)

    def openai(self, at: float, kind: str, data: Mapping[str, Any]) -> None:
        """A webhook of OpenAI's."""
        made = int(at)
        body = {
            "id": f"evt_{self.ids.hexadecimal(32)}",
            "object": "event",
            "created_at": made,
            "type": kind,
            "data": data,
        }
        headers = {
            "content-type": "application/json",
            "user-agent": "OpenAI/1.0 (+https://platform.openai.com/docs/webhooks)",
            "webhook-id": f"wh_{self.ids.hexadecimal(32)}",
        }
        arrived = at + self.rng.uniform(0.15, 0.5)
        self._arrives(arrived, "openai", "/hooks/openai/", headers, orjson.dumps(body))

    def app(self, at: float, kind: str, subject: str, data: Mapping[str, Any]) -> None:
        """Something the voice application forwards, with the next batch."""
        if self.brief and kind in UNTOLD:
            return
        event = {
            "specversion": "1.0",
            "id": f"ce-{self.ids.hexadecimal(20)}",
            "source": self.source,
            "type": kind,
            "time": iso(at),
            "subject": subject,
            "datacontenttype": "application/json",
            "data": data,
        }
        self._app.append((at, event))

    def retell(self, how: Callable[[list[Told]], list[Told]]) -> None:
        """Lets everything that the application forwards, with its moments, be told otherwise."""
        self._app = how(self._app)

    def resend(self, how: Callable[[Delivery], Delivery | None]) -> None:
        """Lets everything that the providers sent be told otherwise, or not at all."""
        self._deliveries = [told for one in self._deliveries if (told := how(one))]

    def deliveries(self) -> tuple[Delivery, ...]:
        """Everything in the order of its arrival."""
        for batch in self._batches():
            self._batch(batch)
        return tuple(sorted(self._deliveries, key=lambda delivery: delivery.received_at))

    def _batches(self) -> Iterator[list[tuple[float, dict[str, Any]]]]:
        batch: list[tuple[float, dict[str, Any]]] = []
        for at, event in sorted(self._app, key=lambda pair: pair[0]):
            if batch and (len(batch) >= BATCH_OF or at - batch[-1][0] > BATCH_WAITS_S):
                yield batch
                batch = []
            batch.append((at, event))
        if batch:
            yield batch

    def _batch(self, batch: list[tuple[float, dict[str, Any]]]) -> None:
        events = [event for _, event in batch]
        arrived = batch[-1][0] + self.rng.uniform(0.03, 0.4)
        if self.source == "/voice-app":
            self._arrives(arrived, "app", "/hooks/app/", BATCH, orjson.dumps(events))
        else:
            body = b"".join(orjson.dumps(event, option=orjson.OPT_APPEND_NEWLINE) for event in events)
            self._arrives(arrived, "app", "/hooks/app/", LINES, body)
        if self.rng.random() < BATCH_TWICE:
            self._deliveries.append(self._again(self.rng.uniform(1.0, 30.0)))

    def _arrives(self, at: float, door: str, path: str, headers: Mapping[str, str], body: bytes) -> None:
        self._deliveries.append(
            Delivery(door=door, path=path, headers=headers, body=body, received_at=round(at, 3))
        )

    def _again(self, later: float) -> Delivery:
        last = self._deliveries[-1]
        return replace(last, received_at=round(last.received_at + later, 3))


def stamp(at: float) -> str:
    """RFC 2822 with a numeric zone, cut to the second, as Twilio writes it."""
    return formatdate(int(at)).replace("-0000", "+0000")
