"""Twilio: voice requests as forms, Event Streams as JSON."""

from dataclasses import replace

from callstore.domain.facts.events import RecordingStatus
from callstore.domain.facts.record import Draft
from ingest.dialects.parsed import ParsedDelivery
from ingest.dialects.twilio import bodies
from ingest.providers.delivery import Delivery
from ingest.providers.provider import Provider
from ingest.providers.twilio.setting import SETTING
from ingest.providers.twilio.signature import (
    REMEDIES,
    secret,
    sign,
    signer,
    verify,
    verify_headers,
    without_unsigned,
)
from ingest.providers.twilio.smoke import harmless


def read(delivery: Delivery) -> ParsedDelivery:
    """A form is one voice request, without what its signature leaves out; JSON a batch of events."""
    if delivery.is_json:
        return proved_by(signer(delivery), bodies.batch(delivery.body, delivery.received_at))
    proved = without_unsigned(delivery)
    return bodies.form(proved.form, proved.path, proved.headers, proved.received_at, proved.body)


def proved_by(account: str | None, parsed: ParsedDelivery) -> ParsedDelivery:
    """The recordings of a batch with the account that proved it, where each element names its own.

    A parent account's sink brings its subaccounts' events, signed by the parent. Where a recording lies is
    only asked with a token of who said so.
    """
    if account is None:
        return parsed
    elements = tuple(tuple(_proved_by(account, draft) for draft in element) for element in parsed.elements)
    return replace(parsed, elements=elements)


def _proved_by(account: str, draft: Draft) -> Draft:
    event = draft.event
    if not isinstance(event, RecordingStatus) or event.account == account:
        return draft
    return replace(draft, event=replace(event, proved_by=account))


provider = Provider(
    setting=SETTING,
    verify_headers=verify_headers,
    verify=verify,
    read=read,
    sign=sign,
    secret=secret,
    remedies=REMEDIES,
    harmless=harmless,
    any_path=True,
)
