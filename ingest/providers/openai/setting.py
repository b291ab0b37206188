"""The secrets of the webhook endpoints, the newest first."""

import base64

from ingest.providers.setting import Setting, listed


def key(secret: str) -> bytes:
    """The bytes that a secret signs with; none where what follows whsec_ is no base64, so that nobody does.

    As OpenAI's own package has it: base64 after `whsec_`; without it, the text itself unless that is base64.
    """
    encoded = secret.removeprefix("whsec_").rstrip("=")
    try:
        return base64.b64decode(encoded + "=" * (-len(encoded) % 4), validate=True)
    except ValueError:
        return b"" if encoded != secret.rstrip("=") else secret.encode()


SETTING = Setting(
    name="OPENAI_WEBHOOK_SECRETS",
    read=listed,
    keys=lambda secrets: [key(secret) for secret in secrets],
    demo="whsec_" + base64.b64encode(b"demo-webhook-secret-of-callstore").decode(),
    check="callstore.W002",
    without="/hooks/openai/ refuses everything",
)
