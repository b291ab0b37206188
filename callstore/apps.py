from django.apps import AppConfig


class CallstoreConfig(AppConfig):
    name = "callstore"
    label = "callstore"

    def ready(self) -> None:
        """Register the checks of the settings."""
        from callstore import checks  # noqa: F401
