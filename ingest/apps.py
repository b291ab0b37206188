from django.apps import AppConfig


class IngestConfig(AppConfig):
    name = "ingest"
    label = "ingest"

    def ready(self) -> None:
        """Tell what was refused, what is spooled, and what recordings meet, to whoever shows it."""
        from callstore.health import refusals, told
        from ingest.doors import rejections
        from ingest.recordings import trouble
        from ingest.spool import backlog

        refusals.answered_by(rejections.recent)
        told.TOLD["recordings"] = trouble.told
        told.ALWAYS_TOLD["spool"] = backlog.told
