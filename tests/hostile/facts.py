"""Any fact of any kind, drawn from the types of its fields: a field that is added is drawn, too."""

from types import UnionType
from typing import Any, Literal, Union, get_args, get_origin, get_type_hints

from hypothesis import strategies as st

from callstore.domain.facts import vocabulary
from callstore.domain.facts.clock import Clock, Instant
from callstore.domain.facts.codec import event_types
from callstore.domain.facts.events import Event
from callstore.domain.facts.record import Record
from ingest.dialects import parse
from tests.builders import AI, CHILD, PARENT, RECORDING, TRANSCRIPTION, at

# All words that mean something somewhere, so that each also turns up where it means nothing.
WORDS = sorted({word for words in vars(vocabulary).values() if isinstance(words, tuple) for word in words})
NAMES = (PARENT, CHILD, AI, RECORDING, TRANSCRIPTION, "conn_1", "item_1", "r", "/dial", "inbound", "accept")
SUBJECTS = [f"twilio:{PARENT}", f"twilio:{CHILD}", f"openai:{AI}", "openai:live_1", "app:other"]
SOURCES = ("twilio", "openai", "app", "audio", "operator", "parrot")

# What Postgres cannot hold is taken out before a fact is kept.
texts = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=30)
words = st.sampled_from([*WORDS, *NAMES, "", "hologram", "COMPLETED"]) | texts
whole = (
    st.integers(-5, 5)
    | st.sampled_from([101, 200, 404, 486, 1000, 1011])
    | st.integers(-parse.INT32, parse.INT32)
)
MOST = parse.LATEST * 1000
numbers = st.floats(-60, 60) | st.floats(-MOST, MOST, exclude_min=True, exclude_max=True)
near = st.floats(at("00:17:00"), at("00:20:00"))
moments = near | st.floats(parse.EARLIEST, parse.LATEST, exclude_max=True)


def event(kind: type[Event]) -> st.SearchStrategy[Event]:
    """An event of this class with anything in its fields."""
    hints = {name: hint for name, hint in get_type_hints(kind).items() if name not in ("TYPE", "PERSONAL")}
    return st.builds(kind, **{name: _of_type(name, hint) for name, hint in hints.items()})


def _of_type(name: str, hint: Any) -> st.SearchStrategy[Any]:
    """Any value of a field's type. A list of words is only what we know today, so any word will do."""
    origin, args = get_origin(hint), get_args(hint)
    if origin in (Union, UnionType):
        return st.one_of([_of_type(name, arg) for arg in args])
    if origin is tuple:
        items = [_of_type(name, arg) for arg in args if arg is not ...]
        return st.lists(items[0], max_size=4).map(tuple) if args[-1] is ... else st.tuples(*items)
    if origin is Literal:
        return st.sampled_from(args) | words
    if hint is float:
        return moments if name.endswith("_at") else numbers
    return {str: words, int: whole, bool: st.booleans(), type(None): st.none()}[hint]


events = st.one_of([event(kind) for kind in event_types().values()])


@st.composite
def records(draw: st.DrawFn, first: int = 10_000) -> Record:
    """Any event at any moment of the stories of tests/builders.py, or far from it."""
    position = draw(st.integers(first, first + 1_000_000))
    moment, received = draw(moments), draw(moments)
    return Record(
        position=position,
        source=draw(st.sampled_from(SOURCES)),
        subject=draw(st.sampled_from(SUBJECTS)),
        key=f"k{position}",
        event=draw(events),
        occurred=Instant(moment, draw(st.sampled_from(Clock)), draw(st.sampled_from([1, 1000]))),
        received_at=received,
        sequence=draw(st.none() | st.integers(-5, 5) | st.integers(-(2**63), 2**63 - 1)),
    )
