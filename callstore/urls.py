"""Where everything is mounted."""

from django.urls import include, path

from callstore import health

urlpatterns = [
    path("healthz", health.healthz),
    path("readyz", health.readyz),
    path("", include("ingest.urls")),
    path("", include("dashboard.urls")),
]
