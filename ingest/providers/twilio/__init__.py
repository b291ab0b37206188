"""Twilio: voice requests as forms, Event Streams as JSON."""

from ingest.providers.provider import Provider
from ingest.providers.twilio.read import read
from ingest.providers.twilio.signature import secret, sign, verify

provider = Provider(
    name="twilio", setting="TWILIO_ACCOUNTS", verify=verify, read=read, sign=sign, secret=secret
)
