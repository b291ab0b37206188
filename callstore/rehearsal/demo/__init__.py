"""What a demo shows, its login, and its stand-in for the recordings that Twilio keeps."""
