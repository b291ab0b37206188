"""The paths of the pages and of the API."""

from django.contrib.auth.views import LogoutView
from django.urls import path
from django.views.generic import RedirectView

from dashboard.api.routes import api
from dashboard.call import views as call
from dashboard.calls import views as calls
from dashboard.compare import pages as compare
from dashboard.login.views import Login
from dashboard.views import pages as views

urlpatterns = [
    path("", RedirectView.as_view(pattern_name="calls"), name="home"),
    path("login/", Login.as_view(), name="login"),
    path("logout/", LogoutView.as_view(), name="logout"),
    path("calls", views.by_permalink(calls.calls), name="calls"),
    path("calls/count", calls.count, name="calls-count"),
    path("calls/<str:id>", call.call, name="call"),
    path("calls/<str:id>/history", call.history, name="call-history"),
    path("compare", compare.compare, name="compare"),
    path("views", views.views, name="views"),
    path("views/<str:slug>", views.view, name="view"),
    path("api/v1/", api.urls),
]
