"""Every server event that the `openai` package knows, whole: each field has a value of its type."""

import base64
from collections.abc import Iterator
from functools import cache
from types import NoneType, UnionType
from typing import Annotated, Any, Literal, Union, get_args, get_origin

from openai.types.live.connect_server_event import ConnectServerEvent
from openai.types.live.fork_server_event import ForkServerEvent
from openai.types.live.server_event import ServerEvent
from openai.types.realtime.realtime_server_event import RealtimeServerEvent
from openai.types.webhooks.unwrap_webhook_event import UnwrapWebhookEvent
from pydantic import BaseModel

# Audio is base64; whatever else is text, number or flag may be any.
AUDIO = base64.b64encode(bytes(960)).decode()
PLAIN: dict[Any, Any] = {str: "a", int: 7, float: 0.5, bool: True, object: {}, Any: {}, dict: {}, list: []}


def realtime() -> dict[str, dict[str, Any]]:
    return _events(RealtimeServerEvent)


def live() -> dict[str, dict[str, Any]]:
    """Of all sockets of the Live API: the session's own, a sideband's, a fork's."""
    return {**_events(ServerEvent), **_events(ConnectServerEvent), **_events(ForkServerEvent)}


def webhooks() -> dict[str, dict[str, Any]]:
    return _events(UnwrapWebhookEvent)


@cache
def _events(union: Any) -> dict[str, dict[str, Any]]:
    return {event["type"]: event for event in map(_whole, _members(union))}


def _members(union: Any) -> Iterator[type[BaseModel]]:
    for member in get_args(get_args(union)[0] if get_origin(union) is Annotated else union):
        yield from _members(member) if get_origin(member) in (Union, Annotated, UnionType) else (member,)


def _whole(model: type[BaseModel]) -> dict[str, Any]:
    found = {
        field.alias or name: _value(name, field.annotation) for name, field in model.model_fields.items()
    }
    audio = "audio" in model.__name__.lower() and "delta" in found and "Transcript" not in model.__name__
    return found | ({"delta": AUDIO} if audio else {})


def _value(name: str, kind: Any) -> Any:
    origin, given = get_origin(kind), get_args(kind)
    if kind in PLAIN:
        return AUDIO if name == "audio" and kind is str else PLAIN[kind]
    if origin is Literal:
        return given[0]
    if origin in (Union, UnionType):
        return _value(name, next(each for each in given if each is not NoneType))
    if origin is Annotated:
        return _value(name, given[0])
    if origin is list:
        return [_value(name, given[0])]
    if origin is dict:
        return {}
    return _whole(kind)
