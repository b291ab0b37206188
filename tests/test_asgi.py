"""What the web process sets for itself."""

import os
import subprocess
import sys

from tests.places import ROOT

SHOWN = """
import os
from callstore import asgi
from django.conf import settings
print(*(one["OPTIONS"]["options"].split()[-1] for one in settings.DATABASES.values()), flush=True)
os._exit(0)
"""


def test_a_statement_has_as_long_on_the_replica_as_on_the_first(tmp_path):
    nobody = "postgresql://nobody@127.0.0.1:1/nothing"
    given = {"CALLSTORE_DEMO": "1", "DATABASE_URL": nobody, "DATABASE_REPLICA_URL": nobody}
    environment = {"PATH": os.environ["PATH"], "CALLSTORE_DATA_DIR": str(tmp_path), **given}
    show = [sys.executable, "-c", SHOWN]
    done = subprocess.run(show, env=environment, cwd=ROOT, capture_output=True, text=True)
    assert done.stdout.split() == ["statement_timeout=10s"] * 2, done.stderr
