from django.apps import AppConfig


class OutboundConfig(AppConfig):
    name = "callstore.outbound"
    label = "outbound"

    def ready(self) -> None:
        """Have /metrics tell which events wait, and which were given up."""
        from callstore.health import figures
        from callstore.outbound.on_metrics import GROUP

        figures.STORED.append(GROUP)
