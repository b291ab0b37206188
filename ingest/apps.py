from django.apps import AppConfig


class IngestConfig(AppConfig):
    name = "ingest"
    label = "ingest"

    def ready(self) -> None:
        """Tell what was refused, and what keeps recordings from being kept, to whoever shows it."""
        from callstore.health import refusals, told
        from ingest.doors import rejections
        from ingest.recordings import trouble

        refusals.answered_by(rejections.recent)
        told.TOLD["recordings"] = trouble.told
