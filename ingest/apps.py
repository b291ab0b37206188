from django.apps import AppConfig


class IngestConfig(AppConfig):
    name = "ingest"
    label = "ingest"

    def ready(self) -> None:
        """Tell what was refused, what is spooled, and how recordings and feeds do; keep what people say."""
        from callstore.health import metrics, refusals, told
        from callstore.requests import incidents, notes, nudges
        from ingest.doors import rejections
        from ingest.feeds import manual
        from ingest.feeds import told as feeds
        from ingest.notes import keep
        from ingest.recordings import nudge, trouble
        from ingest.spool import backlog

        refusals.answered_by(rejections.recent)
        told.TOLD["recordings"] = trouble.told
        told.ALWAYS_TOLD["spool"] = backlog.told
        metrics.GAUGES |= {
            "callstore_spool_bytes": ("Bytes that wait in the spool.", lambda: backlog.backlog().bytes),
            "callstore_spool_records": (
                "Deliveries that wait in the spool.",
                lambda: backlog.backlog().records,
            ),
        }
        told.TOLD["status_feeds"] = feeds.told
        incidents.kept_by(manual.keep)
        nudges.kept_by(nudge.keep)
        notes.kept_by(keep.keep)
