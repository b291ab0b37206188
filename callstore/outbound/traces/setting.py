"""Whether traces of calls are sent, and with what."""

from callstore.base.environment import environment

env = environment()
# The name that every OpenTelemetry tool reads; the exporter reads the rest of its family by itself.
OTLP_ENDPOINT = env.str("OTEL_EXPORTER_OTLP_ENDPOINT", "").rstrip("/")
# What callers and agents said goes to another system only where somebody said so.
WITH_WORDS = env.flag("OTEL_CALL_WORDS")
