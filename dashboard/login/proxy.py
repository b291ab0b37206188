"""Sign-in by a proxy: REMOTE_USER_HEADER says who it is, where an address of TRUSTED_PROXIES sent it."""

from collections.abc import Callable
from ipaddress import ip_address
from typing import Any

from django.conf import settings
from django.contrib.auth.middleware import RemoteUserMiddleware
from django.core.exceptions import MiddlewareNotUsed
from django.http import HttpRequest
from django.http.response import HttpResponseBase

from callstore.people.address import Network


class ProxyUser(RemoteUserMiddleware):
    """Signs in whom the proxy names, and out whom it names no more. Of anybody else the header is dropped."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        if not settings.REMOTE_USER_HEADER:
            raise MiddlewareNotUsed
        super().__init__(get_response)

    @property
    def header(self) -> str:  # type: ignore[override]  # Django has it as a word of the class; ours is a setting
        """The header's name as WSGI has it."""
        return f"HTTP_{settings.REMOTE_USER_HEADER.upper().replace('-', '_')}"

    def process_request(self, request: HttpRequest) -> None:
        """Take the header from a trusted peer, and from nobody else."""
        if not is_trusted(request.META, settings.TRUSTED_PROXIES):
            request.META.pop(self.header, None)
        super().process_request(request)


def is_trusted(meta: Any, proxies: list[Network]) -> bool:
    """Whether the peer of a request, whatever it says of others, is one of these."""
    try:
        address = ip_address(str(meta.get("REMOTE_ADDR", "")).partition("%")[0])
    except ValueError:
        return False
    plain = getattr(address, "ipv4_mapped", None) or address
    return any(plain in network for network in proxies)
