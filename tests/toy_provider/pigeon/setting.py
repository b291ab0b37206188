"""The keys that pigeons are ringed with."""

from ingest.providers.setting import Setting, listed

SETTING = Setting(
    name="PIGEON_KEYS",
    read=listed,
    demo="demo-pigeon-key",
    check="callstore.W901",
    without="/hooks/pigeon/ refuses everything",
)
