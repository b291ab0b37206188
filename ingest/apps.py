from django.apps import AppConfig


class IngestConfig(AppConfig):
    name = "ingest"
    label = "ingest"

    def ready(self) -> None:
        """Tell what was refused, what keeps recordings from being kept, and how feeds do; keep incidents."""
        from callstore.health import refusals, told
        from callstore.requests import incidents
        from ingest.doors import rejections
        from ingest.feeds import manual
        from ingest.feeds import told as feeds
        from ingest.recordings import trouble

        refusals.answered_by(rejections.recent)
        told.TOLD["recordings"] = trouble.told
        told.TOLD["status_feeds"] = feeds.told
        incidents.kept_by(manual.keep)
