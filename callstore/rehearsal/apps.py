from django.apps import AppConfig


class RehearsalConfig(AppConfig):
    name = "callstore.rehearsal"
    label = "rehearsal"
