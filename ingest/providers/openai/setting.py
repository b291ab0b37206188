"""The secrets of the webhook endpoints, the newest first."""

import base64

from ingest.providers.setting import Setting, listed

SETTING = Setting(
    name="OPENAI_WEBHOOK_SECRETS",
    read=listed,
    demo="whsec_" + base64.b64encode(b"demo-webhook-secret-of-callstore").decode(),
    check="callstore.W002",
    without="/hooks/openai/ refuses everything",
)
