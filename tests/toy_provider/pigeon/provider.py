"""Pigeons: one JSON object a flight, `{"leg": "CA…", "number": 3, "status": "completed", "at": "…Z"}`."""

import orjson
from ingest.providers.pigeon.setting import SETTING
from ingest.providers.pigeon.signature import secret, sign, verify

from callstore.domain.facts import ids
from callstore.domain.facts.clock import Clock, Instant
from callstore.domain.facts.events import LegStatus
from callstore.domain.facts.record import Draft
from ingest.dialects import parse
from ingest.dialects.parsed import ParsedDelivery, unparsable
from ingest.providers.provider import Provider


def read(delivery):
    """The one leg that a pigeon tells of."""
    try:
        message = parse.mapping(orjson.loads(delivery.body))
    except orjson.JSONDecodeError:
        message = {}
    subject, status = ids.leg_subject(message.get("leg")), parse.text(message.get("status"))
    at, number = parse.iso_time(message.get("at")), parse.integer(message.get("number"))
    if subject is None or status is None or at is None or number is None:
        note = "no pigeon carries that"
        return ParsedDelivery(((unparsable("pigeon", delivery.body, delivery.received_at, note),),))
    draft = Draft(
        source="pigeon",
        subject=subject,
        key=parse.named("status", number, status),
        event=LegStatus(status=status),
        sequence=number,
        occurred=Instant(at, Clock.PROVIDER),
        received_at=delivery.received_at,
        raw=delivery.body,
    )
    return ParsedDelivery(((draft,),))


provider = Provider(setting=SETTING, verify=verify, read=read, sign=sign, secret=secret)
