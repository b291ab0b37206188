"""Where everything is mounted. The doors are answered before Django (ingest/doors/asgi.py), and /healthz and
/readyz before all middleware (callstore/health/probes.py)."""

from django.conf import settings
from django.urls import URLPattern, URLResolver, include, path, re_path

handler500 = "dashboard.too_slow.uncaught"
urlpatterns: list[URLPattern | URLResolver] = [path("", include("dashboard.urls"))]
if settings.DEMO:
    from callstore.rehearsal.demo import twilio_media

    urlpatterns.append(re_path(twilio_media.PATH, twilio_media.recording, name="demo-recording"))
