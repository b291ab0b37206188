"""The doors. Each answers with and without its trailing slash: a redirect would lose the form."""

from django.conf import settings
from django.urls import URLPattern, re_path

from ingest import standin, views

urlpatterns: list[URLPattern] = [
    re_path(r"^hooks/twilio(?:/[\s\S]*)?\Z", views.door, {"door": "twilio"}, name="door-twilio"),
    re_path(r"^hooks/openai/?\Z", views.door, {"door": "openai"}, name="door-openai"),
    re_path(r"^hooks/app/?\Z", views.door, {"door": "app"}, name="door-app"),
]
if settings.DEMO:
    urlpatterns.append(
        re_path(
            r"^demo/twilio/2010-04-01/Accounts/(?P<account>AC[0-9a-f]{32})"
            r"/Recordings/(?P<sid>RE[0-9a-f]{32})(?:\.wav)?\Z",
            standin.recording,
            name="demo-recording",
        )
    )
