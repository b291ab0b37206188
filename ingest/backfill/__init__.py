"""What Twilio's callbacks lost, asked for at its API: by beat, and by `manage.py backfill twilio`."""
