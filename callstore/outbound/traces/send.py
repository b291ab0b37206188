"""Sends spans by OTLP over HTTP. Its packages are the extra `otel`, loaded where a trace is sent."""

import hashlib
from collections.abc import Iterable
from typing import Any
from urllib.parse import urlsplit
from uuid import UUID

from callstore.outbound.traces.spans import Span

PACKAGES = "opentelemetry-sdk opentelemetry-exporter-otlp-proto-http"
TIMEOUT_S = 10.0  # of all attempts together that the exporter makes


class NotSent(Exception):
    """A trace was not taken: why, in a sentence."""


def send(call: UUID, spans: Iterable[Span], endpoint: str) -> None:
    """Send the trace of a call, whose id is the call's: sent twice it is the same. Raises NotSent."""
    try:
        import requests
        from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
        from opentelemetry.sdk.resources import Resource
        from opentelemetry.sdk.trace import Event, ReadableSpan
        from opentelemetry.sdk.trace.export import SpanExportResult
        from opentelemetry.trace import SpanContext, SpanKind, Status, StatusCode, TraceFlags
    except ImportError as missing:
        raise NotSent(f"{missing.name} is missing: pip install {PACKAGES}") from None

    def context(key: str) -> SpanContext:
        return SpanContext(call.int, span_id(call, key), False, TraceFlags(TraceFlags.SAMPLED))

    resource = Resource.create({"service.name": "callstore"})
    made = [
        ReadableSpan(
            span.name,
            context(span.key),
            context(span.parent) if span.parent else None,
            resource,
            span.attributes,
            [Event(name, told, _ns(at)) for name, at, told in span.events],
            kind=SpanKind.SERVER if span.parent is None else SpanKind.INTERNAL,
            status=Status(StatusCode.ERROR, span.fault) if span.fault else Status(StatusCode.UNSET),
            start_time=_ns(span.start),
            end_time=_ns(span.end),
        )
        for span in spans
    ]
    session = requests.Session()
    session.hooks["response"].append(_refuse_redirect)
    exporter = OTLPSpanExporter(f"{endpoint}/v1/traces", timeout=TIMEOUT_S, session=session)
    try:
        if exporter.export(made) is not SpanExportResult.SUCCESS:
            raise NotSent(f"{_host(endpoint)} did not take it")
    finally:
        exporter.shutdown()  # type: ignore[no-untyped-call]  # the library's own


def span_id(call: UUID, key: str) -> int:
    """The id of a call's span, the same each time and never 0."""
    return int.from_bytes(hashlib.sha256(call.bytes + key.encode()).digest()[:8]) or 1


def _refuse_redirect(answer: Any, *_: Any, **__: Any) -> None:
    """Called for each answer: the exporter takes a redirect for a success, or follows it with its headers."""
    from requests import TooManyRedirects

    if 300 <= answer.status_code < 400:
        answer.close()
        raise TooManyRedirects("the collector leads elsewhere")


def _host(endpoint: str) -> str:
    """Who is sent to, without a password of the address, for a line of the log."""
    return urlsplit(endpoint).netloc.rpartition("@")[2]


def _ns(at: float) -> int:
    return int(at * 1e6) * 1000  # a float holds microseconds of our age, and no more
