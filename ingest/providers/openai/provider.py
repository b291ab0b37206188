"""OpenAI: webhooks after the Standard Webhooks specification."""

from ingest.dialects.openai import webhook
from ingest.dialects.parsed import ParsedDelivery
from ingest.providers.delivery import Delivery
from ingest.providers.openai.setting import SETTING
from ingest.providers.openai.signature import REMEDIES, secret, sign, verify, verify_headers
from ingest.providers.openai.smoke import harmless
from ingest.providers.provider import Provider


def read(delivery: Delivery) -> ParsedDelivery:
    """One webhook a delivery, known by the id in its headers."""
    fact = webhook.draft(delivery.body, delivery.headers.get("webhook-id"), delivery.received_at)
    return ParsedDelivery(((fact,),))


provider = Provider(
    setting=SETTING,
    verify_headers=verify_headers,
    verify=verify,
    read=read,
    sign=sign,
    secret=secret,
    remedies=REMEDIES,
    harmless=harmless,
)
