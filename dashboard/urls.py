"""The paths of the pages and of the API."""

from django.contrib.auth.views import LogoutView
from django.urls import path
from django.views.generic import RedirectView

from dashboard.alerts import pages as alerts
from dashboard.api.routes import api
from dashboard.call import pages as call
from dashboard.call import reveal
from dashboard.call.log import pages as log
from dashboard.calls import aids
from dashboard.calls import pages as calls
from dashboard.compare import pages as compare
from dashboard.hand_over import pages as hand_over
from dashboard.hand_over import shared
from dashboard.health import pages as health
from dashboard.live import pages as live
from dashboard.login import oidc
from dashboard.login.pages import Login
from dashboard.overview import pages as overview
from dashboard.review import bulk_form as review_bulk
from dashboard.review import pages as review
from dashboard.settings import audit, tokens, users, webhooks
from dashboard.settings.password import Password
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
    path("alerts", alerts.alerts, name="alerts"),
    path("alerts/new", alerts.new, name="alert-new"),
    path("alerts/<int:id>", alerts.alert, name="alert"),
    path("calls/<str:id>/report", hand_over.report, name="call-report"),
    path("calls/<str:id>/shares", hand_over.call_shares, name="call-shares"),
    path("calls/<str:id>/shares/<uuid:share>/revoke", hand_over.revoke, name="share-revoke"),
    path("share/<str:token>", shared.share, name="share"),
    path("share/<str:token>/audio/<str:recording>", shared.share_audio, name="share-audio"),
    path("ingest", health.ingest, name="ingest"),
    path("ingest/events", health.events, name="ingest-events"),
    path("ingest/doctor", health.doctor, name="ingest-doctor"),
    path("ingest/replay", health.replay, name="ingest-replay"),
    path("ingest/test", health.test_event, name="ingest-test"),
    path("compare", compare.compare, name="compare"),
    path("calls/<str:id>/reveal", reveal.numbers, name="call-reveal"),
    path("calls/<str:id>/events/<int:position>/reveal", reveal.event, name="call-event-reveal"),
    path("login/oidc", oidc.begin, name="oidc"),
    path("login/oidc/callback", oidc.callback, name="oidc-callback"),
    path("settings", RedirectView.as_view(pattern_name="password"), name="settings"),
    path("settings/password", Password.as_view(), name="password"),
    path("settings/users", users.users, name="users"),
    path("settings/users/<int:id>", users.change, name="user"),
    path("settings/tokens", tokens.tokens, name="tokens"),
    path("settings/tokens/<int:id>/revoke", tokens.revoke, name="token-revoke"),
    path("settings/webhooks", webhooks.webhooks, name="webhooks"),
    path("settings/webhooks/<int:id>", webhooks.change, name="webhook"),
    path("settings/audit", audit.audit, name="audit"),
    path("views", views.views, name="views"),
    path("views/<str:slug>", views.view, name="view"),
    path("api/v1/", api.urls),
]
