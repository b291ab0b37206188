from django.apps import AppConfig


class ProjectionConfig(AppConfig):
    name = "callstore.projection"
    label = "projection"
