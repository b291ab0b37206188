"""The parts of a call's document as schemas, made of the types that its document is written by."""

from collections.abc import Iterator
from functools import cache
from types import NoneType, UnionType
from typing import Any, NotRequired, Union, get_args, get_origin, get_type_hints, is_typeddict

from ninja import Field, Schema
from pydantic import create_model

from callstore.report.document import Document, stable_fields


def parts() -> dict[str, Any]:
    """Every part of a call's document but the stable fields, with its schema, for `create_model`."""
    known = stable_fields()
    return {name: (_shape(kind), ...) for name, kind in get_type_hints(Document).items() if name not in known}


def _shape(kind: Any) -> Any:
    """A type of the document with a schema in the place of each typed dictionary, at any depth."""
    if is_typeddict(kind):
        return schema(kind)
    origin, within = get_origin(kind), get_args(kind)
    if origin in (Union, UnionType):
        return Union[tuple(each if each is NoneType else _shape(each) for each in within)]  # noqa: UP007 -- of a tuple
    if origin in (list, dict):
        return origin[tuple(_shape(each) for each in within)]
    return kind


@cache
def schema(kind: Any) -> Any:
    """A typed dictionary as a schema of its name and its words, each within it as another."""
    fields = dict(_fields(kind))
    return create_model(kind.__name__, __base__=Schema, __doc__=kind.__doc__, **fields)


def _fields(kind: Any) -> Iterator[tuple[str, Any]]:
    for name, hint in get_type_hints(kind, include_extras=True).items():
        optional = get_origin(hint) is NotRequired or name in kind.__optional_keys__
        shape = _shape(get_args(hint)[0] if get_origin(hint) is NotRequired else hint)
        default: Any = None if optional else ...
        if name == "from":
            yield "from_", (shape, Field(default, alias="from"))
        else:
            yield name, (shape | None if optional else shape, default)
