from typing import TYPE_CHECKING

from django.apps import AppConfig

if TYPE_CHECKING:
    from callstore.requests.trial import Trial


class IngestConfig(AppConfig):
    name = "ingest"
    label = "ingest"

    def ready(self) -> None:
        """Tell what was refused, what is spooled, and how recordings and feeds do; keep what people say."""
        from callstore.health import figures, observers, on_readyz, refusals, sources
        from callstore.requests import incidents, notes, nudges, trial
        from ingest.doors import counted, rejections
        from ingest.feeds import manual
        from ingest.feeds import state as feeds
        from ingest.notes import keep
        from ingest.recordings import nudge, trouble
        from ingest.sources import on_metrics
        from ingest.sources.observers import observers as every_observer
        from ingest.sources.sources import odd
        from ingest.sources.sources import sources as every_source
        from ingest.spool import backlog

        refusals.answered_by(rejections.recent)
        sources.answered_by(every_source, odd)
        observers.answered_by(every_observer)
        trial.sent_by(_send_test_event)
        on_readyz.TOLD["recordings"] = trouble.told
        on_readyz.ALWAYS_TOLD["spool"] = backlog.told
        counted.start()
        figures.NEAR += [on_metrics.SPOOL, on_metrics.RECORDINGS]
        figures.STORED.append(on_metrics.SOURCES)
        on_readyz.TOLD["status_feeds"] = feeds.told
        incidents.kept_by(manual.keep)
        nudges.kept_by(nudge.keep)
        notes.kept_by(keep.keep)


def _send_test_event(own: str) -> "Trial":
    """Send it; what speaks HTTP is loaded by who does, and by nobody else."""
    from ingest.sources import trial

    return trial.send(own)
