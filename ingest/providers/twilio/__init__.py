"""Twilio: voice requests as forms, Event Streams as JSON."""
