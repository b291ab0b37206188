"""deploy/Caddyfile as it is, before a web process that tells what reached it."""

import http.server
import os
import shutil
import ssl
import subprocess
import threading
from collections.abc import Iterator

import pytest

from tests.local.test_proxy import Echo, ask
from tests.places import ROOT
from tests.served import free_port, until_it_listens

CONFIGURATION = (ROOT / "deploy" / "Caddyfile").read_text()

pytestmark = pytest.mark.skipif(not shutil.which("caddy"), reason="no caddy here")


@pytest.fixture(scope="module")
def proxy(tmp_path_factory: pytest.TempPathFactory) -> Iterator[int]:
    """The port of the proxy, which signs its certificate itself."""
    folder = tmp_path_factory.mktemp("caddy")
    web = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Echo)
    threading.Thread(target=web.serve_forever, daemon=True).start()
    port = free_port()
    here = CONFIGURATION.replace("auto_https", "admin off\n\tskip_install_trust\n\tauto_https", 1)
    (folder / "Caddyfile").write_text(here.replace(".com} {", ".com} {\n\ttls internal", 1))
    environment = {
        "PATH": os.environ["PATH"],
        "HOME": str(folder),
        "CALLSTORE_NAME": f"https://127.0.0.1:{port}",
        "CALLSTORE_WEB": f"127.0.0.1:{web.server_port}",
    }
    command = ["caddy", "run", "--config", str(folder / "Caddyfile"), "--adapter", "caddyfile"]
    log = folder / "log"
    with log.open("wb") as out:
        caddy = subprocess.Popen(command, env=environment, stdout=out, stderr=out)
    until_it_listens(port, caddy, log)
    for _ in range(50):  # the certificate is signed while it listens
        try:
            ask(port, "GET", "/")
            break
        except ssl.SSLError:
            threading.Event().wait(0.1)
    yield port
    caddy.terminate()
    caddy.wait(20)
    web.shutdown()
    web.server_close()


def test_the_path_and_the_query_come_through_as_they_were_written(proxy: int) -> None:
    for path in ("/hooks/twilio/a%2Fb//c?x=+1%201&y=%7E", "/hooks/twilio/..%2f?", "/hooks/app"):
        status, told = ask(proxy, "POST", path)
        assert (status, told.splitlines()[0]) == (200, f"POST {path} HTTP/1.1")


def test_what_a_client_says_of_the_way_is_not_passed_on(proxy: int) -> None:
    said = {"For": "10.0.0.1", "Proto": "gopher", "Host": "evil.example"}
    _, told = ask(proxy, "GET", "/", **{f"X-Forwarded-{name}": value for name, value in said.items()})
    lines = told.splitlines()
    assert "X-Forwarded-For: 127.0.0.1" in lines and "X-Forwarded-Proto: https" in lines
    assert not any(value in told for value in said.values())


@pytest.mark.parametrize(("path", "most"), [("/hooks/app/", 2 * 1024 * 1024), ("/calls", 65_536)])
def test_a_body_may_be_as_large_as_the_doors_and_the_pages_say(proxy: int, path: str, most: int) -> None:
    assert ask(proxy, "POST", path, bytes(most))[0] == 200
    assert ask(proxy, "POST", path, bytes(most + 1))[0] in (413, 502)


def test_figures_are_for_who_scrapes_within(proxy: int) -> None:
    assert ask(proxy, "GET", "/metrics")[0] == 404
