"""Runs the benchmarks one after the other; a run of all writes RESULTS.md, which nobody else does."""

import ast
import os
import subprocess
import sys
import time
from datetime import UTC, datetime
from pathlib import Path
from typing import NamedTuple

from benchmarks import machine
from benchmarks.cluster import Cluster

FOLDER = Path(__file__).parent
CALL_MAIN = "import sys; from importlib import import_module; sys.exit(import_module(sys.argv[1]).main())"
INTRODUCTION = """# Measured

Written by `make bench` on {day}. Rates of other machines differ; the ratios to what ran beside in the same
run are what counts.
"""


class Result(NamedTuple):
    """What a benchmark said, how it ended, its seconds, and the peak of its largest process (MB)."""

    name: str
    output: str
    failed: bool
    seconds: float
    peak_mb: float


def main(names: list[str]) -> int:
    with Cluster() as cluster:
        results = [run(name, cluster) for name in names or benchmarks()]
        if not names:
            (FOLDER / "RESULTS.md").write_text(report(results, cluster))
    return int(any(result.failed for result in results))


def benchmarks() -> list[str]:
    """Modules with a `main()`. Read and not imported, since some set up Django."""
    modules = {path.stem: path.read_text() for path in sorted(FOLDER.glob("[a-z]*.py"))}
    return [name for name, source in modules.items() if "\ndef main(" in source]


def run(name: str, cluster: Cluster) -> Result:
    """One benchmark with a database of its own; what it prints is shown as it comes."""
    print(f"\n## {name}\n", flush=True)
    started, lines = time.monotonic(), []
    with cluster.database(name) as environment:
        process = subprocess.Popen(
            [sys.executable, "-c", CALL_MAIN, f"benchmarks.{name}"],
            env=os.environ | environment,
            cwd=FOLDER.parent,
            stdout=subprocess.PIPE,
            text=True,
        )
        assert process.stdout is not None
        for line in process.stdout:
            print(line, end="", flush=True)
            lines.append(line)
        _, status, used = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
    return Result(name, "".join(lines), status != 0, time.monotonic() - started, used.ru_maxrss / 1024)


def report(results: list[Result], cluster: Cluster) -> str:
    """RESULTS.md: the machine, then what each benchmark said."""
    rows = [f"| {name} | {value} |" for name, value in machine.facts(cluster.admin_url).items()]
    parts = [
        INTRODUCTION.format(day=f"{datetime.now(UTC):%Y-%m-%d}")
        + "\n".join(["", "| | |", "|---|---|", *rows])
    ]
    for result in results:
        said = result.output.strip()
        if "|---" not in said:  # plain lines, which Markdown would run together
            said = f"```\n{said}\n```"
        doc = ast.get_docstring(ast.parse((FOLDER / f"{result.name}.py").read_text())) or ""
        end = f"{'It failed. ' if result.failed else ''}{result.seconds:.0f} s, peak {result.peak_mb:.0f} MB."
        parts += [f"## {result.name}", doc, said, end]
    return "\n\n".join(parts) + "\n"


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
