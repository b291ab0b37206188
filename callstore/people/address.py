"""From where a request comes."""

from collections.abc import Mapping, Sequence
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network
from typing import Any

Network = IPv4Network | IPv6Network


def client_address(meta: Mapping[str, Any], proxies: Sequence[Network]) -> str:
    """The address of a request's client, an IPv6 one as its /64, which one household has.

    Who is no proxy of ours may write what he likes into X-Forwarded-For. A proxy adds at its end whom it
    was asked by: the last that is no proxy of ours is the client. What cannot be read ends the search at the
    proxy that wrote it. An empty text where nothing is known.
    """
    named = str(meta.get("HTTP_X_FORWARDED_FOR", "")).split(",")
    found = ""
    for text in [str(meta.get("REMOTE_ADDR", "")), *reversed(named)]:
        address = _address(text.strip())
        if address is None:
            break
        found = str(address if address.version == 4 else ip_network(f"{address}/64", strict=False))
        if not any(address in network for network in proxies):
            break
    return found


def _address(text: str) -> IPv4Address | IPv6Address | None:
    try:
        address = ip_address(text.partition("%")[0])
    except ValueError:
        return None
    return getattr(address, "ipv4_mapped", None) or address
