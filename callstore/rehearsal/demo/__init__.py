"""What a demo shows, and its stand-in for the recordings that Twilio keeps."""
