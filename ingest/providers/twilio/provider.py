"""Twilio: voice requests as forms, Event Streams as JSON."""

from ingest.dialects.parsed import ParsedDelivery
from ingest.dialects.twilio import bodies
from ingest.providers.delivery import Delivery
from ingest.providers.provider import Provider
from ingest.providers.twilio.setting import SETTING
from ingest.providers.twilio.signature import REMEDIES, secret, sign, verify, verify_headers, without_unsigned


def read(delivery: Delivery) -> ParsedDelivery:
    """A form is one voice request, without what its signature leaves out; JSON a batch of events."""
    if delivery.is_json:
        return bodies.batch(delivery.body, delivery.received_at)
    proved = without_unsigned(delivery)
    return bodies.form(proved.form, proved.path, proved.headers, proved.received_at, proved.body)


provider = Provider(
    setting=SETTING,
    verify_headers=verify_headers,
    verify=verify,
    read=read,
    sign=sign,
    secret=secret,
    remedies=REMEDIES,
    any_path=True,
)
