"""What `erase` leaves in the clear: a marker in every field of every kind of fact, looked for everywhere."""

import shutil
import subprocess
from collections.abc import Iterator, Sequence
from dataclasses import MISSING, Field, fields, replace
from typing import Any, Literal, get_args, get_origin, get_type_hints

import orjson
import pytest
from django.db import connection

from callstore.domain.call.fold import fold
from callstore.domain.facts import clear, codec
from callstore.domain.facts.clock import Clock, Instant
from callstore.domain.facts.events import Event
from callstore.domain.facts.record import AUDIO, OPERATOR, Draft, Record, Ref
from callstore.eventlog.crypto import digest, refs
from callstore.eventlog.reading import read
from callstore.eventlog.reading.listing import listing
from callstore.eventlog.writing.append import append
from callstore.findings.rule import case, findings
from callstore.local.binaries import Unavailable, postgres_binaries
from callstore.projection import projector, queries
from callstore.rehearsal.scenarios.scenario import LIBRARY, drafts, load
from callstore.verdict.verdict import judge
from tests.eventlog.conftest import empty_log  # noqa: F401 -- a fixture
from tests.eventlog.tampering import sql
from tests.test_erase import erase, leaks

LEG = "twilio:CA" + "e" * 32
# What callstore itself writes about a call is about the call, and is kept: its own words, and a login's name.
OWN = {"call.erased": OPERATOR, "call.overdue": OPERATOR, "twilio.asked": OPERATOR, "call.noted": OPERATOR,
       "recording.nudged": OPERATOR, "recording.analysed": AUDIO, "recording.failed": AUDIO}  # fmt: skip
# Of no call: nothing erases them, and nobody says of whom they are.
OF_NO_CALL = {"incident.published", "month.retired", "smoke.tested"}
# A label that an application gives its agent: the door takes none that holds a number or an address.
LABELS = {"agent", "agent_version"}
NAMES = sorted(path.parent.name for path in LIBRARY.glob("*/deliveries.jsonl"))
KEPT = {("unrecognised", "note")}  # one of our own few sentences


def free_text(n: int) -> str:
    """Nothing that a machine would write, and each another: words with a number among them."""
    return f"Zebra {n:03} quartz +1202555{n:04}"


class Markers:
    """The markers handed out so far, by where they were put."""

    def __init__(self) -> None:
        self.placed: dict[str, str] = {}

    def at(self, place: str) -> str:
        return self.placed.setdefault(place, free_text(len(self.placed)))

    @property
    def words(self) -> set[str]:
        """What is looked for: neither blanks nor the length of a name hide these."""
        return {part for text in self.placed.values() for part in (text[:16], text[-11:])}


def told(markers: Markers) -> Iterator[Draft]:
    """A fact of every kind, with a marker wherever a text may stand."""
    for name, cls in codec.event_types().items():
        if name in OF_NO_CALL or name == "call.erased":
            continue
        hints = get_type_hints(cls)
        values = {f.name: _value(f, hints[f.name], f"{name}.{f.name}", markers, name) for f in fields(cls)}
        yield _draft(name, cls(**values), markers)
    for rule in ("SipCallId", "SIP Call-ID", "sip_call_id"):
        event = codec.event_types()["leg.status"](status="ringing")
        ref = Ref(rule, f"sip:{markers.at('the SIP Call-ID')}@pbx.example")
        yield _draft(f"refs {rule}", event, markers, refs=(ref,))


def _value(field: Field[Any], hint: Any, place: str, markers: Markers, type_: str) -> Any:
    kinds = [
        k for k in (get_args(hint) if get_origin(hint) is not Literal else [hint]) if k is not type(None)
    ]
    kind = kinds[0] if kinds and get_origin(hint) not in (Literal, tuple) else hint
    if get_origin(kind) is Literal:
        return get_args(kind)[0]
    if get_origin(kind) is tuple:
        inner = get_args(kind)[0]
        if inner is str:
            return ("Say", markers.at(place))
        texts = get_origin(inner) is tuple and get_args(inner)[0] is str
        return (tuple(markers.at(place) for _ in get_args(inner)),) if texts else ()
    if kind is str:
        plain = type_ in OWN and field.name not in codec.event_types()[type_].PERSONAL
        return "ours" if plain or field.name in LABELS or (type_, field.name) in KEPT else markers.at(place)
    return field.default if field.default is not MISSING else kind(1)


def _draft(name: str, event: Event, markers: Markers, refs: tuple[Ref, ...] = ()) -> Draft:
    source = OWN.get(name, "app")
    key = f"{name}:{markers.at(f'the key of {name}')}" if source == "app" else name
    return Draft(source=source, subject=LEG, key=key, event=event, refs=refs, received_at=1_770_000_001.0,
                 occurred=Instant(1_770_000_000.0, Clock.PROVIDER, 1000),
                 raw=b"delivered: " + " ".join(markers.placed.values()).encode())  # fmt: skip


@pytest.fixture
def markers(empty_log, settings, tmp_path):  # noqa: F811 -- that fixture
    """A call that is full of them, appended twice and projected."""
    settings.RECORDING_STORAGE = str(tmp_path / "recordings")
    for table in ("call", "call_words", "trace_ref"):
        sql(f"DELETE FROM {table}")
    found = Markers()
    facts = list(told(found))
    append(facts)
    append(facts)
    projector.project(traces())
    yield found
    for table in ("call", "call_words", "trace_ref"):
        sql(f"DELETE FROM {table}")


def traces() -> list[Any]:
    return [trace for (trace,) in sql("SELECT DISTINCT trace_id FROM log.stream")]


def shown() -> str:
    """What pages and the API are made of: the document, the story, the facts."""
    found = queries.find(LEG.removeprefix("twilio:"))
    told = [read.records(traces()), listing(traces(), bodies=True).items]
    return orjson.dumps(found).decode() + repr(told)


def test_no_field_of_any_fact_of_an_erased_call_holds_what_somebody_wrote_there(markers):
    assert len(markers.placed) > 150
    before = shown()
    unseen = {place for place, text in markers.placed.items() if text not in before}
    assert not {place for place in unseen if not place.startswith("the ")}, "nothing would be proved"
    erase(LEG.removeprefix("twilio:"))
    after = shown()
    assert {place for place, text in markers.placed.items() if text in after} == set()
    assert leaks(markers.words) == set()
    dump = dumped()
    assert "call.erased" in dump
    assert [word for word in sorted(markers.words) if word in dump or word.encode().hex() in dump] == []


def test_of_facts_kept_when_more_stood_in_the_clear_no_more_is_told(empty_log, monkeypatch):  # noqa: F811 -- that fixture
    found = Markers()
    with monkeypatch.context() as before:
        before.setattr(clear, "hidden", lambda *_: {})
        before.setattr(clear, "key", lambda written, _: written)
        before.setattr(refs, "id_of", lambda mentioned: mentioned)
        append(list(told(found)))
        projector.project(traces())
    append([draft for draft in told(found) if draft.source != "app"])
    assert sql("SELECT count(*) FROM log.conflict") == [(0,)]
    erase(LEG.removeprefix("twilio:"))
    after = shown()
    assert {place for place, text in found.placed.items() if text in after} == set()
    columns = {place for place in leaks(found.words) if not place.startswith("file ")}
    assert {place.rpartition(".")[2] for place in columns} == {"dedup_key", "facts", "refs"}


@pytest.mark.parametrize("name", NAMES)
def test_a_recorded_call_has_the_same_verdict_where_all_that_is_sealed_is_gone(name):
    told = [recorded(n, draft) for n, draft in enumerate(drafts(load(name)))]
    left = [erased(record) for record in told]
    assert judged(left) == judged(told)


def recorded(position: int, draft: Draft) -> Record:
    told = {f.name: getattr(draft, f.name) for f in fields(Record) if f.name != "position"}
    return Record(position=position, **told)


def erased(record: Record) -> Record:
    """As it is read when the call's key is destroyed."""
    type_, facts, _ = codec.encode(record.event)
    facts |= clear.hidden(record.source, facts, digest.instance_stand_in)
    return replace(record, event=codec.decode(type_, facts, None))


def judged(records: Sequence[Record]) -> Any:
    of = case(fold(records))
    found = findings(of)
    return judge(of, found), set(found)


def dumped() -> str:
    """The whole database as pg_dump writes it."""
    try:
        programs = str(postgres_binaries())
    except Unavailable:
        programs = None
    program = shutil.which("pg_dump", path=programs) or shutil.which("pg_dump")
    if program is None:
        pytest.skip("no pg_dump here")
    to = connection.get_connection_params()
    url = f"postgresql://{to['user']}@{to['host']}:{to['port']}/{to['dbname']}"
    env = {"PGPASSWORD": str(to.get("password") or "")}
    ran = subprocess.run([program, url], env=env, capture_output=True, check=True)
    return ran.stdout.decode(errors="replace")
