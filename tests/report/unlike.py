"""A JSON value against the type that mypy believes it to have."""

from collections.abc import Iterator
from types import UnionType
from typing import (
    Annotated,
    Any,
    Literal,
    NotRequired,
    Union,
    get_args,
    get_origin,
    get_type_hints,
    is_typeddict,
)


def unlike(value: Any, hint: Any, at: str = "") -> Iterator[str]:
    """Where a value is not what a type says, and how."""
    origin, args = get_origin(hint), get_args(hint)
    if origin in (Annotated, NotRequired):
        yield from unlike(value, args[0], at)
    elif origin in (Union, UnionType):
        found = [list(unlike(value, each, at)) for each in args]
        yield from () if [] in found else max(found, key=len)
    elif origin is Literal:
        if value not in args:
            yield f"{at} is {value!r}"
    elif is_typeddict(hint) and isinstance(value, dict):
        yield from _unlike_keys(value, hint, at)
    elif origin is dict and isinstance(value, dict):
        for name, item in value.items():
            yield from unlike(name, args[0], f"{at} key")
            yield from unlike(item, args[1], f"{at}.{name}")
    elif origin is list and isinstance(value, list):
        for number, item in enumerate(value):
            yield from unlike(item, args[0], f"{at}[{number}]")
    elif origin or is_typeddict(hint) or not _is(value, hint):
        yield f"{at} is {value!r}, no {getattr(origin or hint, '__name__', hint)}"


def _is(value: Any, kind: type) -> bool:
    """Whole numbers are numbers, and neither is a truth."""
    return type(value) is kind or (kind is float and type(value) is int)


def _unlike_keys(value: dict[str, Any], hint: Any, at: str) -> Iterator[str]:
    hints = get_type_hints(hint, include_extras=True)
    optional = {name for name, each in hints.items() if get_origin(each) is NotRequired}
    for name in sorted(hints.keys() - optional - value.keys()):
        yield f"{at}.{name} is missing"
    for name in sorted(value.keys() - hints.keys()):
        yield f"{at}.{name} is not written down"
    for name in sorted(hints.keys() & value.keys()):
        yield from unlike(value[name], hints[name], f"{at}.{name}")
