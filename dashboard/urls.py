"""The paths of the pages and of the API."""

from django.contrib.auth.views import LogoutView
from django.urls import path
from django.views.generic import RedirectView

from dashboard.api.routes import api
from dashboard.call import views as call
from dashboard.calls import views as calls
from dashboard.live import views as live
from dashboard.login.views import Login

urlpatterns = [
    path("", RedirectView.as_view(pattern_name="calls"), name="home"),
    path("login/", Login.as_view(), name="login"),
    path("logout/", LogoutView.as_view(), name="logout"),
    path("calls", calls.calls, name="calls"),
    path("calls/count", calls.count, name="calls-count"),
    path("live", live.no_stream, name="live"),  # dashboard/live/stream.py answers before Django
    path("calls/since", live.since, name="calls-since"),
    path("calls/rows", live.rows, name="calls-rows"),
    path("calls/<str:id>", call.call, name="call"),
    path("calls/<str:id>/history", call.history, name="call-history"),
    path("api/v1/", api.urls),
]
