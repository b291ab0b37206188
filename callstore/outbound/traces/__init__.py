"""A finished call as one OpenTelemetry trace, where OTEL_EXPORTER_OTLP_ENDPOINT says whom to send it to."""
