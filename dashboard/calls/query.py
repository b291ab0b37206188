"""The query of a list, parsed once: every link of the page is made from this one tree."""

from dataclasses import dataclass
from functools import cached_property

from callstore.search.parser import parse
from callstore.search.tree import And, Or, Term, write


@dataclass(frozen=True)
class Query:
    """What a reader asks, as its tree."""

    tree: Term

    @classmethod
    def read(cls, text: str) -> "Query":
        """The query that a text says. Raises QueryError."""
        return cls(parse(text))

    @cached_property
    def text(self) -> str:
        """The query as its tree writes it, so that two spellings of one query compare equal."""
        return write(self.tree)

    @cached_property
    def base(self) -> str:
        """The text, ready for a term to be written behind it."""
        return f"({self.text})" if isinstance(self.tree, Or) else self.text

    @cached_property
    def terms(self) -> tuple[Term, ...]:
        """The terms that a call must meet all together."""
        return self.tree.terms if isinstance(self.tree, And) else (self.tree,)

    @cached_property
    def _written(self) -> frozenset[str]:
        return frozenset(map(write, self.terms))

    def with_term(self, term: str) -> str:
        """The text of this query and one more term, which is not repeated."""
        return self.base if term in self._written else f"{self.base} {term}".strip()
