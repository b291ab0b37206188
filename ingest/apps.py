from django.apps import AppConfig


class IngestConfig(AppConfig):
    name = "ingest"
    label = "ingest"

    def ready(self) -> None:
        """Tell what was refused, what hinders keeping recordings, and how feeds do; keep what people say."""
        from callstore.health import refusals, told
        from callstore.requests import incidents, nudges
        from ingest.doors import rejections
        from ingest.feeds import manual
        from ingest.feeds import told as feeds
        from ingest.recordings import nudge, trouble

        refusals.answered_by(rejections.recent)
        told.TOLD["recordings"] = trouble.told
        told.TOLD["status_feeds"] = feeds.told
        incidents.kept_by(manual.keep)
        nudges.kept_by(nudge.keep)
