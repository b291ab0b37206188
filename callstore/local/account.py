"""As whom root's servers run: an account that does nothing else, whose files no other process may read."""

import os
import pwd
import shutil
import subprocess
import sys
import time
from functools import cache

NAME = "callstore-servers"
BEFORE = "nobody"  # as whom they ran in earlier versions, and whom others run as, too
NO_HOME, NO_SHELL = "/nonexistent", "/bin/false"
MAKERS = (
    ["useradd", "--system", "--user-group", "--no-create-home", "--home-dir", NO_HOME, "--shell", NO_SHELL],
    ["adduser", "-S", "-D", "-H", "-h", NO_HOME, "-s", NO_SHELL],  # Alpine's
)
PATIENCE_S = 3.0


@cache
def account() -> str | None:
    """The account's name, made at the first question; None where we are not root and run them as ourselves.

    Where a system has nothing to make accounts with it is `nobody`, and that is said.
    """
    if os.geteuid() != 0:
        return None
    if _is_made():
        return NAME
    said = f"No account {NAME} could be made: the embedded servers run as {BEFORE}, whose other processes"
    print(f"{said} could read their files.", file=sys.stderr, flush=True)
    return BEFORE


def ids(name: str) -> tuple[int, int]:
    """The uid and gid of an account. Raises KeyError."""
    entry = pwd.getpwnam(name)
    return entry.pw_uid, entry.pw_gid


def uids() -> set[int]:
    """Those that the servers run as, and did in earlier versions."""
    return {entry.pw_uid for entry in pwd.getpwall() if entry.pw_name in (NAME, BEFORE)}


def _is_made() -> bool:
    """Make it unless it is there; another start may be making it at this moment, and hold the lock."""
    path = f"{os.environ.get('PATH', '')}:/usr/sbin:/sbin"
    makers = [[found, *argv[1:], NAME] for argv in MAKERS if (found := shutil.which(argv[0], path=path))]
    deadline = time.monotonic() + PATIENCE_S
    while not _is_there():
        if not makers or time.monotonic() > deadline:
            return False
        if subprocess.run(makers[0], capture_output=True).returncode:
            time.sleep(0.1)
    return True


def _is_there() -> bool:
    try:
        return bool(ids(NAME))
    except KeyError:
        return False
