from django.apps import AppConfig


class IngestConfig(AppConfig):
    name = "ingest"
    label = "ingest"

    def ready(self) -> None:
        """Tell what was refused, what is spooled, and what recordings meet, to whoever shows it."""
        from callstore.health import metrics, refusals, told
        from ingest.doors import rejections
        from ingest.recordings import trouble
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
