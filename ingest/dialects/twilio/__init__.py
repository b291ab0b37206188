"""How Twilio writes: voice requests, TwiML, transcription callbacks, Event Streams."""
