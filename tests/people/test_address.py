"""Whose address counts: the client's, as far as only proxies of ours say so."""

from ipaddress import ip_network

import pytest

from callstore.people.address import client_address

OURS = [ip_network("10.0.0.0/8"), ip_network("fd00::/8")]


@pytest.mark.parametrize(
    ("peer", "forwarded", "client"),
    [
        ("203.0.113.7", "198.51.100.1", "203.0.113.7"),
        ("10.0.0.1", "198.51.100.1", "198.51.100.1"),
        ("10.0.0.1", "1.2.3.4, 198.51.100.1, 10.0.0.2", "198.51.100.1"),
        ("10.0.0.1", "", "10.0.0.1"),
        ("10.0.0.1", "198.51.100.1, nonsense", "10.0.0.1"),
        ("10.0.0.1", "10.0.0.3", "10.0.0.3"),
        ("::ffff:203.0.113.7", "", "203.0.113.7"),
        ("fd00::1", "2001:db8:0:7:aaaa::1", "2001:db8:0:7::/64"),
        ("fe80::1%eth0", "", "fe80::/64"),
        ("", "198.51.100.1", ""),
    ],
    ids=[
        "a stranger says what he likes", "a proxy says it", "by two proxies, with a forged one before",
        "a proxy says nothing", "a proxy says nonsense", "proxies alone", "IPv4 within IPv6",
        "an IPv6 network", "with a zone", "no peer",
    ],
)  # fmt: skip
def test_the_client_is_the_last_that_is_no_proxy_of_ours(peer, forwarded, client):
    assert client_address({"REMOTE_ADDR": peer, "HTTP_X_FORWARDED_FOR": forwarded}, OURS) == client
