from django.apps import AppConfig


class DashboardConfig(AppConfig):
    name = "dashboard"
    label = "dashboard"

    def ready(self) -> None:
        """Have every sign-in entered in the audit."""
        from dashboard.login import signing_in  # noqa: F401  -- its receivers connect by being read
