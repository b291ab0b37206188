"""What is wrong with a query, where, and what would be right."""


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
        """Three lines for a terminal: the query, a caret under the place, the message."""
        line = "".join(char if char.isprintable() else " " for char in query)
        return f"{line}\n{' ' * self.position}{'^' * max(1, self.length)}\n{self.message}"
