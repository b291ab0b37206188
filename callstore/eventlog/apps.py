from django.apps import AppConfig


class EventlogConfig(AppConfig):
    name = "callstore.eventlog"
    label = "eventlog"
