"""Where everything is mounted."""

from django.urls import include, path

from callstore.health import endpoints

urlpatterns = [
    path("healthz", endpoints.healthz),
    path("readyz", endpoints.readyz),
    path("", include("ingest.urls")),
    path("", include("dashboard.urls")),
]
