"""Shows on the terminal what the processes write into their logs."""

from pathlib import Path

# Enough for the end of a traceback; the log has the rest.
AT_MOST = 12


class LogTail:
    """The new lines of each `<name>.log` since the last look; what lay there before is not shown."""

    def __init__(self, folder: Path, names: list[str]) -> None:
        self.paths = {name: folder / f"{name}.log" for name in names}
        self.seen = {name: _size(path) for name, path in self.paths.items()}

    def show(self) -> None:
        for name, path in self.paths.items():
            size = _size(path)
            if size < self.seen[name]:  # rotated
                self.seen[name] = 0
            if size > self.seen[name]:
                with path.open("rb") as log:
                    log.seek(self.seen[name])
                    lines = log.read(size - self.seen[name]).decode(errors="replace").splitlines()
                self.seen[name] = size
                print(*(f"{name:>6} | {line}" for line in lines[-AT_MOST:]), sep="\n", flush=True)


def _size(path: Path) -> int:
    return path.stat().st_size if path.exists() else 0
