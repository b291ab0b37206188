"""A request of the loop as Django sees it."""

from callstore.web.environ import environ


def request(path=b"/calls", headers=(), **more):
    return {
        "type": "http",
        "method": "GET",
        "raw_path": path,
        "query_string": b"q=%E3%81%82",
        "http_version": "1.1",
        "scheme": "http",
        "server": ("127.0.0.1", 8000),
        "client": ("10.0.0.9", 4242),
        "headers": headers,
    } | more


def test_paths_and_queries_arrive_as_wsgi_writes_them():
    made = environ(request(b"/calls/%E3%81%82/%ff"), b"")
    assert made["PATH_INFO"].encode("latin-1") == "/calls/あ/".encode() + b"\xff"
    assert (made["QUERY_STRING"], made["REMOTE_ADDR"]) == ("q=%E3%81%82", "10.0.0.9")


def test_a_header_with_an_underscore_does_not_stand_for_the_one_with_a_dash():
    made = environ(request(headers=[(b"x_forwarded_for", b"evil"), (b"x-forwarded-for", b"10.0.0.1")]), b"")
    assert made["HTTP_X_FORWARDED_FOR"] == "10.0.0.1"


def test_headers_that_come_twice_are_joined_and_cookies_as_cookies_are():
    headers = [(b"accept", b"a"), (b"accept", b"b"), (b"cookie", b"a=1"), (b"cookie", b"b=2")]
    made = environ(request(headers=headers), b"")
    assert (made["HTTP_ACCEPT"], made["HTTP_COOKIE"]) == ("a,b", "a=1; b=2")


def test_the_body_has_the_length_that_came_whatever_was_announced():
    made = environ(request(headers=[(b"content-type", b"text/plain"), (b"content-length", b"9")]), b"abc")
    assert (made["CONTENT_TYPE"], made["CONTENT_LENGTH"], made["wsgi.input"].read()) == (
        "text/plain",
        "3",
        b"abc",
    )
