"""`python -m callstore.rehearsal.labelled FOLDER` writes labelled calls; `--report FILE` judges them too."""

import argparse
import tempfile
from concurrent.futures import ProcessPoolExecutor
from functools import partial
from pathlib import Path

from callstore.rehearsal.labelled.calls import write
from callstore.rehearsal.labelled.report import evaluated, page


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m callstore.rehearsal.labelled", description=__doc__)
    parser.add_argument("folder", type=Path, nargs="?", help="where to write; without it nothing is kept")
    parser.add_argument("--calls", type=int, default=300, help="how many (300)")
    parser.add_argument("--seed", type=int, default=1, help="the same seed tells the same calls (1)")
    parser.add_argument("--jobs", type=int, default=2, help="processes (2)")
    parser.add_argument("--report", type=Path, help="the page of tables to write")
    given = parser.parse_args()
    if not (given.folder or given.report):
        parser.error("name a folder, or a report to write")
    with tempfile.TemporaryDirectory() as passing:
        folder = given.folder or Path(passing)
        make(folder, given.calls, given.seed, given.jobs)
        if given.report:
            before = given.report.read_text() if given.report.exists() else ""
            given.report.write_text(page(evaluated(folder, given.jobs), given.seed, before))


def make(folder: Path, calls: int, seed: int, jobs: int) -> None:
    """So many calls, each in a folder of its own."""
    with ProcessPoolExecutor(jobs) as pool:
        for _ in pool.map(partial(write, folder, seed), range(calls), chunksize=4):
            pass


if __name__ == "__main__":
    main()
