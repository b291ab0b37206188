from django.apps import AppConfig


class AlertsConfig(AppConfig):
    name = "callstore.alerts"
    label = "alerts"
