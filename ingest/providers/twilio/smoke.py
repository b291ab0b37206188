"""A form of Twilio's that is about no leg: what `doctor --smoke` sends to the door."""

import time
from urllib.parse import urlencode

from ingest.dialects.own_facts import SMOKE_TEST
from ingest.providers.delivery import Delivery
from ingest.providers.provider import configured, first
from ingest.providers.twilio.setting import SETTING

# A folder and a query, as callbacks have: a proxy that changes either makes every signature wrong.
PATH = "/hooks/twilio/smoke/test?menu=main&route=ai"
PADDING = "x" * 64 * 1024  # debugger notifications quote as much


def harmless(run: str) -> Delivery:
    """The form of a run, unsigned. Raises NotConfigured."""
    accounts = configured(SETTING)
    fields = {"AccountSid": first(SETTING, sorted(accounts)), SMOKE_TEST: run, "Padding": PADDING}
    return Delivery(
        door="twilio",
        path=PATH,
        headers={"content-type": "application/x-www-form-urlencoded; charset=UTF-8"},
        body=urlencode(fields).encode(),
        received_at=time.time(),
    )
