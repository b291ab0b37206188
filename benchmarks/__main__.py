"""Runs the benchmarks one after the other; a run of all writes RESULTS.md, which nobody else does.

`python -m benchmarks [NAME…] [--calls N] [--into FILE]`: N is how many calls `lists` asks, built once and
kept in KEPT, as are those of `size` where SIZE_CALLS says how many.
"""

import argparse
import ast
import os
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import NamedTuple

from benchmarks.harness import machine
from benchmarks.harness.cluster import Cluster
from benchmarks.harness.compare import Demand, lines
from benchmarks.harness.watched import Output, watched

FOLDER = Path(__file__).parent
KEPT = Path(os.environ.get("BENCH_DATA") or FOLDER.parent / ".data" / "bench")  # some 17 kB a call
KEPT_AS = "calls of builder 3"  # another word where what is built becomes another
LISTED = 50_000  # calls; a million take half an hour to build, once
LIMIT_S = 150.0  # for one benchmark: twice what the longest takes where nothing else runs
# They fill a store first, open many pages, or have a cluster for each row.
LONGER_S = {
    "memory": 400.0,
    "migrations": 300.0,
    "words": 400.0,
    "lists": 400.0,
    "overview": 600.0,
    "pages": 300.0,
    "watch": 240.0,
    "soak": 1_300.0,
}
LISTED_MORE_S = 0.006  # for each call beyond LISTED
SIZED, SIZED_S = 10_000, 0.006  # calls of `size`, and seconds for each
ALL_S = 3_500.0  # for all of them; what does not fit is reported as failed
INTRODUCTION = """# Measured

Written by `{command}` on {day}.
Rates of other machines differ; the ratios to what ran beside in the same run are what counts.
`≥` and `≤` are what was demanded of each figure before anything was measured.
"""


class Result(NamedTuple):
    """A benchmark, how long it took, and what came of it."""

    name: str
    seconds: float
    said: Output


def main(names: list[str], calls: int, into: Path | None) -> int:
    listed = LISTED_MORE_S * max(0, calls - LISTED)
    sized = SIZED_S * int(os.environ.setdefault("SIZE_CALLS", str(SIZED)))
    ends = time.monotonic() + ALL_S + listed + sized
    LONGER_S["lists"] += listed
    LONGER_S["size"] = LIMIT_S + sized
    with Cluster() as cluster:
        results = [run(name, cluster, calls, ends) for name in names or benchmarks()]
        demands = [demand for result in results for demand in result.said.demands]
        print("\n".join(["", *met(demands)]))
        print("\n".join(f"{each.name} failed: {each.said.fault}" for each in results if each.said.fault))
        if into:
            command = f"SIZE_CALLS={os.environ['SIZE_CALLS']} python -m benchmarks {' '.join(names)}"
            into.write_text(report(command if names else "make bench", results, demands, cluster))
    return int(any(result.said.fault for result in results))


def benchmarks() -> list[str]:
    """Modules with a `main()`. Read and not imported, since some set up Django."""
    modules = {path.stem: path.read_text() for path in sorted(FOLDER.glob("[a-z]*.py"))}
    return [name for name, source in modules.items() if "\ndef main(" in source]


def run(name: str, cluster: Cluster, calls: int, ends: float) -> Result:
    """One benchmark with a database of its own; what it prints is shown as it comes."""
    print(f"\n## {name}\n", flush=True)
    started = time.monotonic()
    try:
        with database(name, cluster, calls) as environment:
            said = watched(
                f"benchmarks.{name}", environment, min(LONGER_S.get(name, LIMIT_S), ends - started)
            )
    except Exception as error:  # such as a server that is gone: the next benchmark may be luckier
        said = Output("", [], 0.0, f"{type(error).__name__}: {error}")
    return Result(name, time.monotonic() - started, said)


@contextmanager
def database(name: str, cluster: Cluster, calls: int) -> Iterator[dict[str, str]]:
    """A fresh database; of many calls one on servers of its own, which is there again next time."""
    sized = int(os.environ["SIZE_CALLS"])
    many = {"lists": calls} | ({"size": sized} if sized > SIZED else {})
    if name not in many:
        with cluster.database(name) as environment:
            yield environment | {"KEPT_AS": KEPT_AS}
        return
    with Cluster(KEPT) as own, own.kept_database(f"{name}_{many[name]}", KEPT_AS) as environment:
        yield environment | {"LISTS_CALLS": str(calls), "KEPT_AS": KEPT_AS}


def met(demands: list[Demand]) -> list[str]:
    """The table of what was demanded."""
    return lines(["target", "demanded", "measured", "met"], [demand.cells() for demand in demands])


def report(command: str, results: list[Result], demands: list[Demand], cluster: Cluster) -> str:
    """What was demanded, the machine, then what each benchmark said."""
    facts = [list(fact) for fact in machine.facts(cluster.admin_url).items()]
    introduction = INTRODUCTION.format(command=command, day=f"{datetime.now(UTC):%Y-%m-%d}")
    parts = [introduction, "\n".join(met(demands)), "\n".join(lines(["", ""], facts))]
    for name, seconds, said in results:
        output = said.output.strip()
        if output and "|---" not in output:  # plain lines, which Markdown would run together
            output = f"```\n{output}\n```"
        doc = ast.get_docstring(ast.parse((FOLDER / f"{name}.py").read_text())) or ""
        fault = f"**It failed: {said.fault}.** " if said.fault else ""
        parts += [f"## {name}", doc, output, f"{fault}{seconds:.0f} s, at most {said.peak_mb:.0f} MB."]
    return "\n\n".join(part.strip() for part in parts if part) + "\n"


if __name__ == "__main__":
    parser = argparse.ArgumentParser(prog="benchmarks")
    parser.add_argument("names", nargs="*", metavar="NAME", help="all without one")
    parser.add_argument("--calls", type=int, default=LISTED, help=f"of the benchmark lists; {LISTED:,}")
    parser.add_argument("--into", type=Path, metavar="FILE", help="RESULTS.md, of all of them")
    given = parser.parse_args()
    sys.exit(main(given.names, given.calls, given.into or (None if given.names else FOLDER / "RESULTS.md")))
