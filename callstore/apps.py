from django.apps import AppConfig


class CallstoreConfig(AppConfig):
    name = "callstore"
    label = "callstore"

    def ready(self) -> None:
        """Register the checks of the settings, and the Celery app that every shared task belongs to."""
        from callstore import celery, checks  # noqa: F401 -- importing registers
