"""A data folder is obeyed: its passwords, its keys, where its servers lie. So it has to be ours alone."""

import os
import pwd
import stat
from collections.abc import Collection
from pathlib import Path

from django.core.management.base import CommandError


def refuse_foreign(folder: Path, servers: Collection[int] = ()) -> None:
    """Raise CommandError, one sentence, unless a folder and what lies in it are written by us alone.

    What lies in it may also belong to one of the uids that `servers` run as.
    """
    ours = os.geteuid()
    _check(folder, {ours}, stat.S_IWGRP | stat.S_IWOTH)
    for entry in sorted(folder.iterdir()):
        _check(entry, {ours, *servers}, stat.S_IWOTH)


def _check(path: Path, owners: set[int], writing: int) -> None:
    """Of a link both count, it and what it leads to; where it leads nowhere, it alone."""
    found = [path.lstat()]
    if path.exists():
        found.append(path.stat())
    us = _name(os.geteuid())
    for each in found:
        if each.st_uid not in owners:
            whose = f"{path} belongs to {_name(each.st_uid)}, and {us} would obey it"
            raise CommandError(f"{whose}: give another --data-dir, or chown it if you know what it holds.")
    if found[-1].st_mode & writing and not stat.S_ISLNK(found[-1].st_mode):
        whose = f"{path} may be written by others, and {us} would obey it"
        raise CommandError(f"{whose}: give another --data-dir, or `chmod go-w` it if you know what it holds.")


def _name(uid: int) -> str:
    try:
        return pwd.getpwuid(uid).pw_name
    except KeyError:
        return f"the user {uid}"
