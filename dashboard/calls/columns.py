"""The list's columns: those it begins with, those that can be chosen, and by which it can be sorted."""

from typing import NamedTuple

from django.http import QueryDict

from callstore.projection.queries import INDEXED
from dashboard.calls.list_url import Address


class Order(NamedTuple):
    """A way to sort: its word in the column's head, and the sort in the direction of most use."""

    word: str
    sort: str
    about: str = ""

    @property
    def field(self) -> str:
        """What is sorted by."""
        return self.sort.removeprefix("-")


class Column(NamedTuple):
    """A column: its name in the URL, its label, what it means, and how the list is sorted by it."""

    name: str
    label: str
    about: str = ""
    orders: tuple[Order, ...] = ()


class Way(NamedTuple):
    """A link in a column's head; `order` says how the list is sorted by it now."""

    word: str
    url: str
    about: str
    order: str


class Header(NamedTuple):
    """A column's head: its links, and how the column is sorted now."""

    column: Column
    ways: list[Way]
    order: str


class Choice(NamedTuple):
    """A column that may be shown, and whether it is."""

    column: Column
    on: bool


def _one(name: str, label: str, sort: str, about: str = "") -> Column:
    return Column(name, label, about, (Order(label, sort, about),))


USUAL = (
    _one("started", "Started", "-started_at"),
    _one("verdict", "Verdict", "verdict"),
    _one("gap", "Gap s", "-untranscribed_caller_speech_s", "Caller's speech that no transcript covers"),
    Column("strip", "Timeline", "Child leg, AI session, caller's speech and the gap in it"),
    Column(
        "legs",
        "Parent / Child",
        "Length of the parent leg and of the child leg",
        (
            Order("Parent", "-parent_duration_s", "Length of the parent leg"),
            Order("Child", "-child_duration_s", "Length of the child leg"),
        ),
    ),
    Column("status", "Child status", "Last status of the child leg and its SIP response"),
    Column("ended", "Ended first by"),
    Column("agent", "Agent", "The agent and its version, as its application calls them"),
    Column("from", "From", "The caller's number without its middle"),
    Column("signals", "Signals"),
)
CHOSEN = (
    _one("cause", "Cause", "cause", "The finding that decided"),
    _one("ended_at", "Ended", "-ended_at"),
    _one("to", "To", "called", "The number called without its middle"),
    _one("topology", "Topology", "topology", "How the caller's media reaches the AI"),
    _one("region", "Region", "region", "Twilio's region of the media"),
    _one("edge", "Edge", "edge", "Twilio's edge of the media"),
    _one("model", "Model", "ai_model", "The model that spoke"),
    _one("dtmf", "DTMF", "dtmf", "Keys the caller pressed"),
    _one("last_event", "Last AI event", "ai_last_event_type", "Type of the session's last event"),
    _one("ai_silence", "AI silent s", "-ai_silence_before_end_s", "From the AI's last event to the end"),
    _one(
        "speech_to_end",
        "Speech to end s",
        "caller_speech_end_to_child_end_s",
        "From the caller's last speech to the child's end",
    ),
    _one("response", "Response s", "-response_time_p50_s", "Median wait for the agent's answer"),
    _one("dead_air", "Dead air s", "-longest_dead_air_s", "Longest time in which neither spoke"),
    _one("lag", "Detected after s", "-detection_lag_s", "From the call's end to its last fact's receipt"),
    Column("sources", "Sources", "How many of the sources that were expected are present"),
)
EVERY = (*USUAL, *CHOSEN)
NEEDED = "started"  # holds the link to the call
DEFAULT = ",".join(column.name for column in USUAL)


def shown(address: Address) -> list[Column]:
    """The columns of an address in the list's own order; names that do not exist are passed over."""
    names = set((address.columns or DEFAULT).split(",")) | {NEEDED}
    return [column for column in EVERY if column.name in names]


def choices(address: Address) -> list[Choice]:
    """Every column that can be taken away or added."""
    on = set(shown(address))
    return [Choice(column, column in on) for column in EVERY if column.name != NEEDED]


def asked(given: QueryDict) -> Address:
    """The address that a URL's parameters say; columns may stand there one by one, as a form sends them."""
    return Address.read(given)._replace(columns=_chosen(given.getlist("cols")))


def _chosen(names: list[str]) -> str:
    """Names as the URL has them: in the list's order, and nothing where they are the usual ones."""
    wanted = {name for each in names for name in each.split(",")} & {column.name for column in EVERY}
    if not wanted:
        return ""
    text = ",".join(column.name for column in EVERY if column.name in wanted | {NEEDED})
    return "" if text == DEFAULT else text


def header(address: Address, column: Column) -> Header:
    """A column's head; only what an index holds is offered to sort by."""
    ways = [_way(address, order) for order in column.orders if order.field in INDEXED]
    now = next((way.order for way in ways if way.order != "none"), "none") if ways else ""
    return Header(column, ways, now)


def _way(address: Address, order: Order) -> Way:
    if address.sort.removeprefix("-") != order.field:
        return Way(order.word, address.sorted_by(order.sort).url, order.about, "none")
    down = address.sort.startswith("-")
    other = address.sorted_by(order.field if down else f"-{order.field}").url
    return Way(order.word, other, order.about, "descending" if down else "ascending")
