from django.apps import AppConfig


class SettlementConfig(AppConfig):
    name = "callstore.settlement"
    label = "settlement"
