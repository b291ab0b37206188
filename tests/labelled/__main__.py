"""Writes labelled calls: `python -m tests.labelled FOLDER --calls N --seed S`."""

import argparse
from concurrent.futures import ProcessPoolExecutor
from functools import partial
from pathlib import Path

from tests.labelled.calls import write


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m tests.labelled", description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--calls", type=int, default=300)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--jobs", type=int, default=2, help="processes")
    given = parser.parse_args()
    make_all(given.folder, given.calls, given.seed, given.jobs)


def make_all(folder: Path, calls: int, seed: int, jobs: int) -> None:
    """So many calls into one folder."""
    with ProcessPoolExecutor(jobs) as pool:
        for _ in pool.map(partial(write, folder, seed), range(calls), chunksize=4):
            pass


if __name__ == "__main__":
    main()
