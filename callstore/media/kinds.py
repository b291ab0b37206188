"""The kinds of sound files that are kept, by the end of their keys, and what a browser calls them."""

KINDS = {"wav": "audio/wav", "mp3": "audio/mpeg", "flac": "audio/flac", "ogg": "audio/ogg"}


def content_type(key: str) -> str:
    """What the bytes under a key are, for who plays them."""
    return KINDS.get(key.rpartition(".")[2], "application/octet-stream")
