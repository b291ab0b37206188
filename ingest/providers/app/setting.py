"""The tokens that the voice application may show."""

from ingest.providers.setting import Setting, listed

SETTING = Setting(
    name="INGEST_TOKENS",
    read=listed,
    demo="demo-ingest-token",
    check="callstore.W003",
    without="/hooks/app/ refuses everything",
)
