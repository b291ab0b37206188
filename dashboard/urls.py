"""Paths of this package."""

from django.contrib.auth.views import LoginView, LogoutView
from django.urls import path
from django.views.generic import RedirectView

from dashboard import call_view, views
from dashboard.api import api

urlpatterns = [
    path("", RedirectView.as_view(pattern_name="calls"), name="home"),
    path(
        "login/",
        LoginView.as_view(template_name="dashboard/login.html", redirect_authenticated_user=True),
        name="login",
    ),
    path("logout/", LogoutView.as_view(), name="logout"),
    path("calls", views.calls, name="calls"),
    path("calls/<str:id>", call_view.call, name="call"),
    path("calls/<str:id>/history", call_view.history, name="call-history"),
    path("api/v1/", api.urls),
]
