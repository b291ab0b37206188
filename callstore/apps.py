from django.apps import AppConfig


class CallstoreConfig(AppConfig):
    name = "callstore"
    label = "callstore"
