"""Recordings and their waveforms: bytes by key, outside the database. Readers and writers meet here."""
