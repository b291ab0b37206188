"""How long sound is, by its bytes: the formats that a Realtime session can have, by their GA and beta names.

https://platform.openai.com/docs/api-reference/realtime: PCM is 16 bit at 24 kHz, G.711 is 8 bit at 8 kHz.
"""

BYTES_PER_MS = {
    "audio/pcm": 48, "pcm16": 48, "audio/pcmu": 8, "g711_ulaw": 8, "audio/pcma": 8, "g711_alaw": 8,
}  # fmt: skip

SPEECH_STEP_S = 0.02  # of each bit that says whether somebody speaks


def length_ms(size: int, audio_format: str | None) -> float | None:
    """The length of so many bytes; None where the format is unknown."""
    rate = BYTES_PER_MS.get(audio_format or "")
    return None if rate is None else round(size / rate, 1)
