"""Tokens to a tree. Precedence: NOT before AND before OR; two terms side by side mean AND."""

from collections.abc import Iterator

from callstore.search.errors import QueryError
from callstore.search.lexer import Token, tokens
from callstore.search.tree import And, Filter, Literal, Not, Or, Term, Word

MAX_DEPTH = 50  # parentheses and negations inside each other; far below Python's own recursion limit


def parse(text: str) -> Term:
    """The tree of a query; an empty query is And of nothing, which is everything. Raises QueryError."""
    reader = _Reader(tokens(text))
    if reader.now.kind == "end":
        return And(())
    term = reader.either()
    if reader.now.kind != "end":
        raise QueryError("There is no opening parenthesis for this one.", *reader.now.place, "")
    return term


class _Reader:
    """One token of lookahead over the tokens, and how deep we are."""

    def __init__(self, source: Iterator[Token]) -> None:
        self.source = source
        self.now = next(source)
        self.depth = 0

    def step(self) -> Token:
        token, self.now = self.now, next(self.source, self.now)
        return token

    def either(self) -> Term:
        terms = [self.both()]
        while self.now.kind == "or":
            self.step()
            terms.append(self.both())
        return _flat(Or, terms)

    def both(self) -> Term:
        terms = [self.one()]
        while self.now.kind not in ("or", ")", "end"):
            if self.now.kind == "and":
                self.step()
            terms.append(self.one())
        return _flat(And, terms)

    def one(self) -> Term:
        token = self.step()
        match token.kind:
            case "word":
                return Word(Literal(token.text, token.quoted, token.place))
            case "filter":
                assert token.value is not None
                return Filter(token.text, token.value, token.place, token.value_place)
            case "not" | "(":
                return self.nested(token)
            case "end":
                raise QueryError("The query stops too early: something is missing here.", *token.place)
            case ")":
                raise QueryError("Something is missing before this parenthesis.", *token.place)
            case word:
                raise QueryError(
                    f"{word.upper()} needs something on both sides; quote it to search for the word.",
                    *token.place,
                    f'"{word.upper()}"',
                )

    def nested(self, token: Token) -> Term:
        self.depth += 1
        if self.depth > MAX_DEPTH:
            raise QueryError(
                f"More than {MAX_DEPTH} parentheses or negations inside each other.", *token.place
            )
        if token.kind == "not":
            term: Term = Not(self.one())
        else:
            term = self.either()
            if self.now.kind != ")":
                raise QueryError("This parenthesis is not closed.", *token.place)
            self.step()
        self.depth -= 1
        return term


def _flat(kind: type[And] | type[Or], terms: list[Term]) -> Term:
    """One term for many, with equal kinds inside each other made one."""
    if len(terms) == 1:
        return terms[0]
    parts: list[Term] = []
    for term in terms:
        parts.extend(term.terms if isinstance(term, kind) else (term,))
    return kind(tuple(parts))
