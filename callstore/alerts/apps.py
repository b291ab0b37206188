from django.apps import AppConfig


class AlertsConfig(AppConfig):
    name = "callstore.alerts"
    label = "alerts"

    def ready(self) -> None:
        """Have /metrics tell what fires, and which messages wait or were given up."""
        from callstore.alerts.on_metrics import GROUP
        from callstore.health import figures

        figures.STORED.append(GROUP)
