"""How an application names its agent: in data of its events, in tracing, in SIP headers or in a URL."""

import re
from collections.abc import Mapping
from typing import Any, NamedTuple

from ingest.dialects import parse

# A label, kept in the clear: no number, no address, and no words that somebody speaks.
_LABEL = re.compile(r"\w[\w .:/+-]{0,63}")
_NUMBER = re.compile(r"\d{6}")
_NOT_LABELS = ("sip:", "sips:", "tel:", "http:", "https:")


class Agent(NamedTuple):
    """The agent as its application calls it; None is not told."""

    name: str | None = None
    version: str | None = None


def agent(told: Mapping[str, Any]) -> Agent:
    """`agent` as a label or {name, version}, else `agent_name`; `agent_version`. Headers have `X-` before."""
    words = {name.lower().removeprefix("x-").replace("-", "_"): value for name, value in told.items()}
    whole = parse.mapping(words.get("agent"))
    name = next(filter(None, (_label(words.get("agent")), _label(whole.get("name")))), None)
    version = _version(whole.get("version")) or _version(words.get("agent_version"))
    return Agent(name or _label(words.get("agent_name")), version)


def of_session(session: Mapping[str, Any]) -> Agent:
    """By the metadata of its tracing, else by the name of the workflow; the version also by its prompt.

    platform.openai.com/docs/api-reference/realtime-server-events/session (tracing, prompt)
    """
    tracing = parse.mapping(session.get("tracing"))
    told = agent(parse.mapping(tracing.get("metadata")))
    prompt = parse.mapping(session.get("prompt"))
    return Agent(
        told.name or _label(tracing.get("workflow_name")), told.version or _version(prompt.get("version"))
    )


def _label(value: object) -> str | None:
    found = _version(value)
    if found is None or found.lower().startswith(_NOT_LABELS) or _NUMBER.search(found):
        return None
    return found


def _version(value: object) -> str | None:
    found = parse.text(value)
    return found if found and _LABEL.fullmatch(found) else None
