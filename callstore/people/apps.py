from django.apps import AppConfig


class PeopleConfig(AppConfig):
    name = "callstore.people"
    label = "people"
