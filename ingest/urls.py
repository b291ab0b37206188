"""What the demo serves besides: Twilio's recordings. The doors are answered before Django: ingest/door.py."""

from django.conf import settings
from django.urls import URLPattern, re_path

from ingest import standin

urlpatterns: list[URLPattern] = []
if settings.DEMO:
    urlpatterns.append(
        re_path(
            r"^demo/twilio/2010-04-01/Accounts/(?P<account>AC[0-9a-f]{32})"
            r"/Recordings/(?P<sid>RE[0-9a-f]{32})(?:\.wav)?\Z",
            standin.recording,
            name="demo-recording",
        )
    )
