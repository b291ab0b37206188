"""The paths of the pages and of the API."""

from django.contrib.auth.views import LogoutView
from django.urls import path

from dashboard.api.routes import api
from dashboard.call import views as call
from dashboard.call.log import views as log
from dashboard.calls import aids
from dashboard.calls import views as calls
from dashboard.compare import pages as compare
from dashboard.health import pages as health
from dashboard.live import views as live
from dashboard.login.views import Login
from dashboard.overview import pages as overview
from dashboard.review import bulk_form as review_bulk
from dashboard.review import views as review
from dashboard.views import pages as views

urlpatterns = [
    path("", overview.home, name="home"),
    path("login/", Login.as_view(), name="login"),
    path("logout/", LogoutView.as_view(), name="logout"),
    path("calls", views.by_permalink(calls.calls), name="calls"),
    path("calls/count", calls.count, name="calls-count"),
    path("calls/bulk", review_bulk.act, name="calls-bulk"),
    path("calls/facets", aids.facets, name="calls-facets"),
    path("calls/steps", aids.steps, name="calls-steps"),
    path("calls/help", aids.query_help, name="query-help"),
    path("live", live.no_stream, name="live"),  # dashboard/live/stream.py answers before Django
    path("calls/since", live.since, name="calls-since"),
    path("calls/rows", live.rows, name="calls-rows"),
    path("calls/<str:id>", call.call, name="call"),
    path("calls/<str:id>/history", call.history, name="call-history"),
    path("calls/<str:id>/review", review.review, name="call-review"),
    path("calls/<str:id>/notes", review.note, name="call-note"),
    path("calls/<str:id>/events", log.events, name="call-events"),
    path("calls/<str:id>/events/<int:position>", log.event, name="call-event"),
    path("ingest", health.ingest, name="ingest"),
    path("ingest/doctor", health.doctor, name="ingest-doctor"),
    path("ingest/replay", health.replay, name="ingest-replay"),
    path("ingest/test", health.test_event, name="ingest-test"),
    path("compare", compare.compare, name="compare"),
    path("views", views.views, name="views"),
    path("views/<str:slug>", views.view, name="view"),
    path("api/v1/", api.urls),
]
