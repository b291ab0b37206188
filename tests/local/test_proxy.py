"""deploy/nginx.conf as it is, before a web process that tells what reached it."""

import contextlib
import getpass
import http.client
import http.server
import re
import shutil
import socket
import ssl
import subprocess
import threading
import time
from collections.abc import Iterator

import pytest

from tests.places import ROOT
from tests.served import free_port, until_it_listens

CONFIGURATION = (ROOT / "deploy" / "nginx.conf").read_text()
PATIENCE_S = 1  # in place of the ten seconds of each of its deadlines
HALVES = (
    b"POST /slow HTTP/1.1\r\nHost: x\r\nContent-Length: 1000\r\n\r\nA",
    b"GET /slow HTTP/1.1\r\nHo",
    b"",
)

pytestmark = pytest.mark.skipif(
    not shutil.which("nginx") or not shutil.which("openssl"),
    reason="no nginx or no openssl here",
)


class Echo(http.server.BaseHTTPRequestHandler):
    """Answers with what reached it."""

    protocol_version = "HTTP/1.1"
    reached: list[str] = []

    def _answer(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        self.reached.append(self.path)
        told = f"{self.requestline}\n{self.headers}\n{len(body)}".encode()
        self.send_response(200)
        self.send_header("Content-Length", str(len(told)))
        self.end_headers()
        self.wfile.write(told)

    do_GET = do_POST = _answer

    def log_message(self, *_: object) -> None:
        pass


@pytest.fixture(scope="module")
def proxy(tmp_path_factory: pytest.TempPathFactory) -> Iterator[int]:
    """The port of the proxy."""
    folder = tmp_path_factory.mktemp("proxy")
    folder.chmod(0o755)
    web = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Echo)
    threading.Thread(target=web.serve_forever, daemon=True).start()
    port = free_port()
    subprocess.run(
        ["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes",
         "-subj", "/CN=localhost", "-keyout", folder / "privkey.pem", "-out", folder / "fullchain.pem"],
        check=True, capture_output=True,
    )  # fmt: skip
    here = CONFIGURATION
    others = "".join(f"{name}_temp_path {folder}/{name};\n" for name in ("fastcgi", "uwsgi", "scgi"))
    for there, instead in {
        "user nginx;": f"user {getpass.getuser()};",
        "/tmp/nginx.pid": f"{folder}/nginx.pid",
        "/etc/nginx/certificates": str(folder),
        "/var/cache/nginx": str(folder),
        "server doors:8000": f"server 127.0.0.1:{web.server_port}",
        "server pages:8000": f"server 127.0.0.1:{web.server_port}",
        "listen 8443": f"listen 127.0.0.1:{port}",
        "timeout 10s": f"timeout {PATIENCE_S}s",
        "http {": f"http {{\n{others}",
    }.items():
        assert there in here
        here = here.replace(there, instead)
    (folder / "nginx.conf").write_text(here)
    command = ["nginx", "-p", str(folder), "-c", str(folder / "nginx.conf")]
    tried = subprocess.run([*command, "-t"], capture_output=True, text=True)
    assert tried.returncode == 0, tried.stderr
    log = folder / "log"
    with log.open("wb") as out:
        nginx = subprocess.Popen([*command, "-g", "daemon off;"], stdout=out, stderr=out)
    until_it_listens(port, nginx, log)
    yield port
    nginx.terminate()
    nginx.wait(20)
    web.shutdown()
    web.server_close()


def trusting() -> ssl.SSLContext:
    context = ssl.create_default_context()
    context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
    return context


def ask(
    port: int, method: str, path: str, body: bytes | Iterator[bytes] = b"", **headers: str
) -> tuple[int, str]:
    asked = http.client.HTTPSConnection("127.0.0.1", port, timeout=20, context=trusting())
    with contextlib.closing(asked):
        with contextlib.suppress(BrokenPipeError, ssl.SSLError):  # it has answered before all was sent
            asked.request(method, path, body=body, headers=headers)
        answer = asked.getresponse()
        return answer.status, answer.read().decode()


def begin(port: int, text: bytes) -> ssl.SSLSocket:
    line = trusting().wrap_socket(socket.create_connection(("127.0.0.1", port), timeout=20))
    line.sendall(text)
    return line


def test_the_path_and_the_query_come_through_as_they_were_written(proxy: int) -> None:
    for path in ("/hooks/twilio/a%2Fb//c?x=+1%201&y=%7E", "/hooks/twilio/..%2f?", "/hooks/app"):
        status, told = ask(proxy, "POST", path)
        assert (status, told.splitlines()[0]) == (200, f"POST {path} HTTP/1.1")


def test_what_a_client_says_of_the_way_is_not_passed_on(proxy: int) -> None:
    said = {"For": "10.0.0.1", "Proto": "gopher", "Host": "evil.example"}
    forged = {f"X-Forwarded-{name}": value for name, value in said.items()}
    _, told = ask(proxy, "GET", "/", Host="calls.example.com", **forged)
    lines = told.splitlines()
    assert "X-Forwarded-For: 127.0.0.1" in lines and "X-Forwarded-Proto: https" in lines
    assert "X-Forwarded-Host: calls.example.com" in lines and "Host: calls.example.com" in lines
    assert not any(value in told for value in said.values())


@pytest.mark.parametrize(("path", "most"), [("/hooks/app/", 2 * 1024 * 1024), ("/calls", 65_536)])
@pytest.mark.parametrize("chunked", [False, True])
def test_a_body_may_be_as_large_as_the_doors_and_the_pages_say(
    proxy: int, path: str, most: int, chunked: bool
) -> None:
    for size, status in ((most, 200), (most + 1, 413)):
        body = (bytes(size) for _ in range(1)) if chunked else bytes(size)
        assert ask(proxy, "POST", path, body)[0] == status


@pytest.mark.parametrize("half", HALVES)
def test_half_a_request_never_reaches_web_and_is_hung_up_on(proxy: int, half: bytes) -> None:
    began = time.monotonic()
    with begin(proxy, half) as line:
        said = line.recv(100)
    assert said == b"" or b" 408 " in said
    assert time.monotonic() - began < PATIENCE_S + 5
    assert not any("slow" in path for path in Echo.reached)


def test_silent_connections_cost_others_nothing(proxy: int) -> None:
    with contextlib.ExitStack() as lines:
        for _ in range(400):
            lines.enter_context(socket.create_connection(("127.0.0.1", proxy), timeout=20))
        began = time.monotonic()
        assert ask(proxy, "POST", "/hooks/app/")[0] == 200
        assert time.monotonic() - began < 2


def test_logins_are_slowed_down_and_doors_are_not(proxy: int) -> None:
    assert 429 in {ask(proxy, "POST", "/login/")[0] for _ in range(20)}
    assert {ask(proxy, "POST", "/hooks/app/")[0] for _ in range(20)} == {200}


def test_nothing_is_ever_redirected() -> None:
    assert "return 30" not in CONFIGURATION and "rewrite" not in CONFIGURATION


def test_it_gives_up_on_web_before_twilio_does_and_has_a_file_for_each_connection() -> None:
    assert "proxy_connect_timeout 5s;" in CONFIGURATION
    files, connections = (
        int(re.findall(rf"{name} (\d+);", CONFIGURATION)[0])
        for name in ("worker_rlimit_nofile", "worker_connections")
    )
    assert files >= 2 * connections


def test_its_deadlines_are_ten_seconds() -> None:
    for directive in ("client_header_timeout", "client_body_timeout"):
        assert f"{directive} 10s;" in CONFIGURATION
