"""The environment, read once. Every secret may also come from a file named by NAME_FILE."""

import base64
from ipaddress import ip_network
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import dj_email_url
from django.core.exceptions import ImproperlyConfigured

from callstore.base.content_policy import POLICY
from callstore.base.environment import BASE_DIR, NINJA, data_dir, days, environment, whole  # noqa: F401 -- a setting
from callstore.base.log_lines import log_lines
from callstore.base.middleware import MIDDLEWARE  # noqa: F401 -- a setting
from callstore.base.public_address import YEAR_S, origin
from callstore.domain.analysis.finish_tools import FinishTools
from callstore.postgres.url import databases
from ingest.providers.setting import declared
from ingest.providers.setting import listed as items

env = environment()
DATA_DIR = data_dir()


def text(name: str) -> str:
    """The setting's text; where it is empty a demo has what everybody knows."""
    return env.str(name, "") or (DEMO_SETTINGS.get(name, "") if DEMO else "")


def listed(name: str) -> list[str]:
    """A comma separated setting as a list without blanks."""
    return items(text(name))


DEMO = env.flag("CALLSTORE_DEMO")
DEBUG = env.flag("CALLSTORE_DEBUG")
DEMO_BEGINS_WITH = "CA329fe673c51597665e18e89870ebf709"  # the founding call, for who knows none

# With --demo only, secrets that everybody knows: the demo must be able to sign its own deliveries.
DEMO_SETTINGS = {
    "SECRET_KEY": "demo-secret-key-of-a-demo-that-holds-nobody's-calls",
    **{setting.name: setting.demo for setting in declared()},
    "API_TOKENS": "demo-api-token",
    "LOG_KEY": base64.b64encode(b"demo-log-key-of-callstore-000000").decode(),
}

# Never used to serve: the check callstore.E001 stops a process that has no key of its own.
NO_SECRET_KEY = "insecure-only-for-commands-that-sign-nothing"
SECRET_KEY = text("SECRET_KEY") or NO_SECRET_KEY
ALLOWED_HOSTS = listed("ALLOWED_HOSTS") or ["localhost", "127.0.0.1", "[::1]"]
PUBLIC_BASE_URL = text("PUBLIC_BASE_URL").rstrip("/")
PUBLIC_ORIGIN = origin(PUBLIC_BASE_URL)
if PUBLIC_ORIGIN:
    ALLOWED_HOSTS.append(str(urlsplit(PUBLIC_ORIGIN).hostname))  # the providers ask for it by this name
# Behind a proxy that ends TLS the page's origin is the public one, not the one we see.
CSRF_TRUSTED_ORIGINS = [PUBLIC_ORIGIN] if PUBLIC_ORIGIN else []
try:  # whose X-Forwarded-For is believed
    TRUSTED_PROXIES = [ip_network(proxy) for proxy in listed("TRUSTED_PROXIES")]
except ValueError as _error:
    raise ImproperlyConfigured(f"TRUSTED_PROXIES: {_error}") from _error
# By https alone: a cookie that no other host can set (__Host-), and browsers that ask by nothing else.
BY_HTTPS = PUBLIC_ORIGIN.startswith("https://")
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = BY_HTTPS
if BY_HTTPS:
    SESSION_COOKIE_NAME, CSRF_COOKIE_NAME = "__Host-sessionid", "__Host-csrftoken"
SESSION_COOKIE_AGE = 7 * 24 * 3600  # from the sign-in on, however much it is used
SESSION_COOKIE_SAMESITE = CSRF_COOKIE_SAMESITE = "Lax"  # a provider of logins sends its people back to us
SECURE_HSTS_SECONDS = YEAR_S if BY_HTTPS else 0
# What a proxy redirects we never see, and a redirect loses a webhook's form (W008); hosts below and beside
# this one are not ours to promise for (W005, W021).
SILENCED_SYSTEM_CHECKS = ["security.W005", "security.W008", "security.W021"]

# The secrets of each provider, under the name that its folder declares: TWILIO_ACCOUNTS, INGEST_TOKENS…
for _setting in declared():
    try:
        globals()[_setting.name] = _setting.read(text(_setting.name))
    except ValueError as _error:
        raise ImproperlyConfigured(f"{_setting.name} {_error}") from _error
TWILIO_API_BASE_URL = text("TWILIO_API_BASE_URL").rstrip("/")
OPENAI_API_KEY = text("OPENAI_API_KEY")
OPENAI_BASE_URL = (text("OPENAI_BASE_URL") or "https://api.openai.com/v1").rstrip("/")
# The sidebands of a session, which our own observer attaches to; a call's id is put into them.
OPENAI_REALTIME_URL = text("OPENAI_REALTIME_URL") or "wss://api.openai.com/v1/realtime"
# The calls of a demo never happened: OpenAI is not asked for them, with whoever's key is in the environment.
WATCHES = bool(OPENAI_API_KEY) and (not DEMO or bool(text("OPENAI_REALTIME_URL")))
OPENAI_LIVE_URL = text("OPENAI_LIVE_URL") or (
    "wss://api.openai.com/v1/live/sessions/{session_id}/attach?graceful_close=true"
)
# Callers' voices go to another company only where somebody said so.
TRANSCRIBE_TAIL = env.flag("TRANSCRIBE_TAIL") and bool(OPENAI_API_KEY)
TRANSCRIBE_MODEL = text("TRANSCRIBE_MODEL") or "gpt-4o-transcribe"
STATUS_FEEDS = listed("STATUS_FEEDS")
FINISH_TOOLS = FinishTools.of(listed("FINISH_TOOLS"))
API_TOKENS = listed("API_TOKENS")
LOG_KEYS = listed("LOG_KEY")
# Verified deliveries while Postgres is away; the bound is of all processes together.
SPOOL_DIR = text("SPOOL_DIR") or str(DATA_DIR / "spool")
SPOOL_LIMIT_MB = whole(text("SPOOL_LIMIT_MB") or "1024")  # callstore.E008 names what is none, E009 below
RETENTION_DAYS = days(text("RETENTION_DAYS"))  # None: for ever
RECORDING_RETENTION_DAYS = days(text("RECORDING_RETENTION_DAYS"))  # None: as long as their calls
# Whom alerts may tell: a mail server, and services by their Apprise URLs, which carry tokens.
EMAIL_URL, ALERT_URLS = text("EMAIL_URL"), listed("ALERT_URLS")
if EMAIL_URL:
    try:
        _mail = dj_email_url.parse(EMAIL_URL)
        EMAIL_BACKEND, EMAIL_HOST = _mail["EMAIL_BACKEND"], _mail["EMAIL_HOST"]
    except (KeyError, ValueError):  # a scheme that is none, a port that is none
        raise ImproperlyConfigured(
            "EMAIL_URL must be smtp://, smtps:// or submission://user:password@host:port"
        ) from None
    EMAIL_PORT, EMAIL_TIMEOUT = _mail["EMAIL_PORT"] or 25, 10
    EMAIL_HOST_USER, EMAIL_HOST_PASSWORD = _mail["EMAIL_HOST_USER"], _mail["EMAIL_HOST_PASSWORD"]
    EMAIL_USE_TLS, EMAIL_USE_SSL = _mail["EMAIL_USE_TLS"], _mail["EMAIL_USE_SSL"]
    DEFAULT_FROM_EMAIL = _mail.get("DEFAULT_FROM_EMAIL") or f"callstore@{EMAIL_HOST}"
RECORDING_STORAGE = text("RECORDING_STORAGE") or str(DATA_DIR / "recordings")
# Of s3://…, as every AWS tool names them; the rest (AWS_PROFILE, roles) botocore reads itself.
AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY = text("AWS_ACCESS_KEY_ID"), text("AWS_SECRET_ACCESS_KEY")
AWS_SESSION_TOKEN, AWS_S3_REGION_NAME = text("AWS_SESSION_TOKEN"), text("AWS_REGION") or None
AWS_S3_ENDPOINT_URL = text("AWS_ENDPOINT_URL_S3") or text("AWS_ENDPOINT_URL") or None
DATABASE_URL = text("DATABASE_URL")
REDIS_URL = env.str("REDIS_URL", "redis://127.0.0.1:6379/0")

DATABASES = databases(DATABASE_URL or "postgresql://127.0.0.1/callstore", text("DATABASE_REPLICA_URL"))
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
USE_TZ = True
TIME_ZONE = "UTC"  # and callstore.E002 refuses to serve where the environment says otherwise
LANGUAGE_CODE, USE_I18N = "en", False  # one language: nobody looks for another at each number

ROOT_URLCONF = "callstore.urls"
APPEND_SLASH = False  # a redirect turns a webhook's POST into a GET and loses the form
INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django_htmx",
    "csp",
    "callstore",
    "callstore.alerts",
    "callstore.eventlog",
    "callstore.people",
    "callstore.projection",
    "callstore.outbound",
    "callstore.rehearsal",
    "callstore.settlement",
    "ingest",
    "dashboard",
]
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [NINJA / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "dashboard.access.context.allowed",
            ],
        },
    },
]
STATIC_URL = "static/"
STATIC_ROOT = Path(text("CALLSTORE_STATIC_ROOT") or DATA_DIR / "static")
STATICFILES_DIRS = [NINJA / "static"]
STATICFILES_FINDERS = [
    "django.contrib.staticfiles.finders.FileSystemFinder",
    "callstore.assets.whole_files.AppFinder",
    "callstore.assets.storage.VendorFinder",
]
AS_THEY_LIE, HASHED = "django.contrib.staticfiles.storage.StaticFiles", "callstore.assets.storage.Hashed"
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": f"{AS_THEY_LIE if DEBUG else HASHED}Storage"},
}
WHITENOISE_USE_FINDERS = WHITENOISE_AUTOREFRESH = DEBUG
# Single sign-on: by a header of TRUSTED_PROXIES, or by a provider of OpenID Connect.
REMOTE_USER_HEADER = text("REMOTE_USER_HEADER")
OIDC_ISSUER, OIDC_CLIENT_ID = text("OIDC_ISSUER"), text("OIDC_CLIENT_ID")
OIDC_CLIENT_SECRET = text("OIDC_CLIENT_SECRET")
AUTHENTICATION_BACKENDS = [f"dashboard.login.backends.{'DemoPasswords' if DEMO else 'Passwords'}"]
if REMOTE_USER_HEADER:
    AUTHENTICATION_BACKENDS.append("dashboard.login.backends.ProxyUsers")
if OIDC_ISSUER:
    AUTHENTICATION_BACKENDS.append("dashboard.login.backends.ProviderUsers")
AUTH_PASSWORD_VALIDATORS: list[dict[str, Any]] = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 12}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.NumericPasswordValidator"},
]
LOGIN_URL = "login"
LOGIN_REDIRECT_URL = "calls"
LOGOUT_REDIRECT_URL = "login"

CONTENT_SECURITY_POLICY = POLICY
CELERY_BROKER_URL = REDIS_URL
CELERY_TASK_DEFAULT_QUEUE = "calls"
# Long recordings wait for each other and never in the way of a live call.
CELERY_TASK_QUEUES: dict[str, dict[str, str]] = {"calls": {}, "recordings": {}}
_SLOW = "fetch_recording fetch_session_recording remove_recording transcribe_tail poll_feeds ask_twilio"
CELERY_TASK_ROUTES = {f"ingest.{task}": {"queue": "recordings"} for task in _SLOW.split()} | {
    task: {"queue": "recordings"}  # who is told may be slow
    for task in ("alerts.deliver", "outbound.deliver", "outbound.export_nightly", "outbound.trace")
}
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_ACKS_LATE = True
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
# Who enqueues learns at once that there is no broker, and asks again later by itself: kombu's own retries
# would hold the relay's end up by six seconds.
CELERY_BROKER_TRANSPORT_OPTIONS = {"max_retries": 1, "socket_connect_timeout": 2} | dict.fromkeys(
    ("interval_start", "interval_step", "interval_max"), 0
)

LOGGING = log_lines(DEBUG, text("CALLSTORE_LOG"), text("CALLSTORE_LOG_LEVEL"))
