"""What Postgres said, for a log or an answer that has one line for it."""


def in_a_line(error: BaseException) -> str:
    """Its words without line breaks; the name of its kind where it has none."""
    return " ".join(str(error).split()) or type(error).__name__
