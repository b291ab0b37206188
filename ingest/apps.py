from django.apps import AppConfig


class IngestConfig(AppConfig):
    name = "ingest"
    label = "ingest"

    def ready(self) -> None:
        """Tell what was refused to whoever shows it."""
        from callstore.health import refusals
        from ingest.doors import rejections

        refusals.answered_by(rejections.recent)
