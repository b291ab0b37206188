"""One fact a commit: our statement beside an insert of as many bytes into a plain table, by pgbench.

The plain table has an id and a jsonb: no other key, nothing that knows a duplicate, no proof, no work list.
Both run prepared, by the same number of clients in turns. The log whose size is taken holds simulated calls.
"""

# ruff: noqa: E402 -- Django is set up before anything that needs it is imported

import os
import re
import secrets
import statistics
import subprocess
import tempfile
from functools import partial
from itertools import chain
from typing import Any

import django

django.setup()

import orjson

from benchmarks.harness.cluster import as_owner
from benchmarks.harness.compare import demanded, interleaved, ratio, table
from benchmarks.traffic import calls
from benchmarks.traffic.callbacks import callback
from callstore.eventlog.writing.append import ONE, append, rows_of
from callstore.eventlog.writing.homes import homes_of
from callstore.eventlog.writing.row import Row
from ingest.providers.provider import normalise

CLIENTS = (1, 4, 16)
DEMANDED = (0.64, 0.80, 0.63)  # of the plain insert's rate
SECONDS = 3
ROUNDS = 3
CALLS = 2_000  # among which the events are spread: each gets a few dozen, as real ones do
STORED = 20_000
CEILING, OURS, KNOWN = "plain insert", "append", "append of what is known"
TABLE = "CREATE TABLE plain (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, event jsonb NOT NULL)"
# What differs from event to event, made with few functions, since a writer sends it ready. The rest are the
# parameters of one real callback.
VARYING = {
    "trace_id": "md5(:call)::uuid",
    "subject": f"'twilio CA{'0' * 27}' || :call",
    "dedup_key": "(:fact || :dedup_key)",
}


def main() -> None:
    as_owner(TABLE)
    drafts = normalise(callback(_sid(), 1, ParentCallSid=_sid()))
    [row] = rows_of(drafts, homes_of(drafts))
    # pgbench sends a parameter as often as it is named, psycopg once; here nothing contradicts what is known.
    once = "NULL".join(ONE.rsplit("%(body)b", 1))
    ours = re.sub(r"%\((\w+)\)b", lambda found: VARYING.get(found[1], f":{found[1]}"), once)
    facts = "\\set call random(10000, 10000 + {})\n\\set fact random(1, {})\n"
    scripts = {
        CEILING: "INSERT INTO plain (event) VALUES (:event);",
        OURS: facts.format(CALLS, 10**12) + _one_line(ours),
        KNOWN: facts.format(100, 1) + _one_line(ours),
    }
    values = {name: _text(value) for name, value in row._asdict().items()} | {"event": plain_event(row)}
    size()
    measured = {
        clients: interleaved({n: partial(pgbench, s, values, clients) for n, s in scripts.items()}, ROUNDS)
        for clients in CLIENTS
    }
    rate = {name: [statistics.median(measured[n][name]) for n in CLIENTS] for name in scripts}
    ratios = {name: [ratio(measured[n][name], measured[n][CEILING]) for n in CLIENTS] for name in scripts}
    head = [*(f"{n} client{'s' * (n > 1)}" for n in CLIENTS), *(f"ratio, {n}" for n in CLIENTS)]
    table(
        ["events/s", *head, "16 to 1"], [[n, *rate[n], *ratios[n], rate[n][-1] / rate[n][0]] for n in scripts]
    )
    for clients, reached, least in zip(CLIENTS, ratios[OURS], DEMANDED, strict=True):
        demanded(f"append to plain insert, clients: {clients}", reached, least=least)
    demanded("append, 16 clients to one", rate[OURS][-1] / rate[OURS][0], least=2.5)
    demanded("append of what is known to plain insert", min(ratios[KNOWN]), least=1.5)


def pgbench(script: str, values: dict[str, str], clients: int) -> float:
    """Transactions a second."""
    with tempfile.NamedTemporaryFile("w", suffix=".sql") as file:
        file.write(script)
        file.flush()
        command = [os.environ["PGBENCH"], "--no-vacuum", "--protocol=prepared", f"--file={file.name}"]
        command += [f"--client={clients}", f"--jobs={min(clients, 2)}", f"--time={SECONDS}"]
        command += [f"--define={name}={value}" for name, value in values.items()]
        done = subprocess.run(
            [*command, os.environ["DATABASE_URL"]], capture_output=True, text=True, check=True
        )
    found = re.search(r"tps = ([\d.]+)", done.stdout)
    assert found and "aborted" not in done.stderr, done.stderr
    return float(found[1])


def size() -> None:
    """Bytes an event of the log, and of all that an append writes."""
    whole = list(chain.from_iterable(calls.some(STORED)))
    for at in range(0, len(whole), 100):
        append(whole[at : at + 100])
    as_owner("VACUUM ANALYZE log.event")
    [(count, heap, indexes, beside)] = as_owner(SIZES)
    kinds = {"rows": heap, "indexes": indexes, "both": heap + indexes, "streams, heads, keys": beside}
    each = [size / count for size in kinds.values()]
    table(["bytes an event", *kinds], [[f"{count:,} of simulated calls", *each]])
    demanded("bytes an event, all in", (heap + indexes + beside) / count, most=1400)


SIZES = """
SELECT (SELECT count(*) FROM log.event),
  sum(pg_table_size(inhrelid))::float8, sum(pg_indexes_size(inhrelid))::float8,
  pg_total_relation_size('log.stream') + pg_total_relation_size('log.head')
  + pg_total_relation_size('log.call_key')
FROM pg_inherits WHERE inhparent = 'log.event'::regclass
"""


def plain_event(row: Row) -> str:
    """A JSON document of as many bytes as the row holds: its facts, and hexadecimal digits."""
    length = sum(len(value) if isinstance(value, bytes | str) else 8 for value in row if value is not None)
    document = {"facts": orjson.loads(row.facts), "rest": ""}
    document["rest"] = secrets.token_hex(length)[: length - len(orjson.dumps(document))]
    return orjson.dumps(document).decode()


def _text(value: Any) -> str:
    return f"\\x{value.hex()}" if isinstance(value, bytes) else str(value)


def _one_line(statement: str) -> str:
    return " ".join(line.partition("--")[0].strip() for line in statement.splitlines()) + ";"


def _sid() -> str:
    return f"CA{secrets.token_hex(16)}"
