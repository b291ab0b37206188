"""What is wrong with a query, where, and what would be right."""

from unicodedata import east_asian_width


class QueryError(Exception):
    """A query that cannot be answered.

    `position` and `length` count characters of the query; `suggestion` is text that could stand in
    that place instead, or None.
    """

    def __init__(self, message: str, position: int, length: int, suggestion: str | None = None) -> None:
        super().__init__(message)
        self.message = message
        self.position = position
        self.length = length
        self.suggestion = suggestion

    def pointed(self, query: str) -> str:
        """Three lines for a terminal: the query, carets under the place, the message."""
        line = "".join(char if char.isprintable() else " " for char in query)
        end = self.position + self.length
        before, under = _columns(line[: self.position]), _columns(line[self.position : end])
        return f"{line}\n{' ' * before}{'^' * max(1, under)}\n{self.message}"


def _columns(text: str) -> int:
    return sum(2 if east_asian_width(char) in "WF" else 1 for char in text)
