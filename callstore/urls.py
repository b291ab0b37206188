"""Where everything is mounted."""

from django.urls import include, path

urlpatterns = [
    path("", include("ingest.urls")),
    path("", include("dashboard.urls")),
]
