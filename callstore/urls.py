"""Where everything is mounted. The doors are answered before Django: ingest/doors/asgi.py."""

from django.conf import settings
from django.urls import include, path, re_path

from callstore.health import endpoints

urlpatterns = [
    path("healthz", endpoints.healthz),
    path("readyz", endpoints.readyz),
    path("", include("dashboard.urls")),
]
if settings.DEMO:
    from callstore.rehearsal.demo import twilio_media

    urlpatterns.append(re_path(twilio_media.PATH, twilio_media.recording, name="demo-recording"))
