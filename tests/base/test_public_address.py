"""By https alone: what browsers are told and which cookies they get, in a process that serves so."""

import json
import os
import subprocess
import sys

import pytest
from django.conf import settings

SAID = """
import json
import django
django.setup()
from django.test import Client
answer = Client().get("/login/", headers={"host": "calls.example.com"})
[cookie] = answer.cookies.values()
told = {"status": answer.status_code, "hsts": answer.headers.get("Strict-Transport-Security")}
print(json.dumps(told | {"cookie": cookie.OutputString()}))
"""


@pytest.fixture(params=["https", "http"])
def scheme(request):
    return request.param


@pytest.fixture
def told(scheme):
    """What the login page says, of a process whose public address has this scheme."""
    own = {
        "PUBLIC_BASE_URL": f"{scheme}://calls.example.com",
        "SECRET_KEY": "x" * 50,
        "DJANGO_SETTINGS_MODULE": "callstore.settings",
        "CALLSTORE_DEBUG": "1",  # no collected static files
    }
    done = subprocess.run(
        [sys.executable, "-c", SAID],
        env={name: value for name, value in os.environ.items() if name != "CALLSTORE_DEMO"} | own,
        cwd=settings.BASE_DIR,
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def test_cookies_and_the_year_of_https_follow_the_public_address(told, scheme):
    name, _, attributes = told["cookie"].partition("=")
    secure = scheme == "https"
    assert told["status"] == 200
    assert name == ("__Host-csrftoken" if secure else "csrftoken")
    assert ("Secure" in attributes) is secure
    assert "SameSite=Lax" in attributes and "Path=/" in attributes and "Domain" not in attributes
    assert told["hsts"] == ("max-age=31536000" if secure else None)
