"""What every request goes through before a view and after it, the outermost first: a setting of Django's."""

MIDDLEWARE = [
    "callstore.health.probes.Probes",
    "django.middleware.security.SecurityMiddleware",
    "callstore.base.public_address.by_https_alone",
    "dashboard.api.no_store.never_kept",
    "dashboard.packing.PackedText",
    "dashboard.api.problems.without_pages",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "dashboard.login.proxy.ProxyUser",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "dashboard.gate.Gate",
    "dashboard.too_slow.SlowStatements",
    "dashboard.review.who_asks.told",
    "dashboard.replica.ReadsOfReplica",
]
