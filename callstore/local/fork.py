"""supervisord that has loaded what our processes have in common, and forks them from itself.

What none of them writes to lies in memory once, instead of once a process. Each runs its command of the table
as if that had started it. The servers, and whatever else is no module of Python, are executed.
"""

import atexit
import ctypes
import gc
import os
import runpy
import signal
import sys
import threading
import traceback
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any

from supervisor import supervisord
from supervisor.options import ServerOptions

TAKEN = (signal.SIGTERM, signal.SIGQUIT, signal.SIGHUP, signal.SIGCHLD, signal.SIGUSR2)  # by supervisord
# Of the kernel's words about a process behind its name: where its arguments begin and end (proc(5): 48, 49).
ARGUMENTS = slice(45, 47)


def load() -> None:
    """Import what several processes need; start no thread and open nothing.

    All of it is kept out of the search for garbage, which writes to each object, and so has its page copied.
    """
    import django
    from celery import current_app
    from celery.apps import worker  # noqa: F401 -- loaded on stock
    from celery.bin import celery  # noqa: F401 -- on stock, too

    django.setup()
    current_app.loader.import_default_modules()
    current_app.finalize()
    gc.collect()
    gc.freeze()


class Forks(ServerOptions):  # type: ignore[misc]  # supervisor has no types
    """The system calls of supervisord, with modules of Python run in the fork that would execute them."""

    is_loaded: bool | None = None  # unknown before the first process: until then settings may be at fault

    def check_execv_args(self, filename: str, argv: list[str], found: Any) -> None:
        """Before each fork, in supervisord itself: load once. What fails here fails in its own log, too."""
        super().check_execv_args(filename, argv, found)
        if self.is_loaded is None and _is_module(argv):
            try:
                load()
                self.is_loaded = True
            except Exception:
                self.logger.error(traceback.format_exc())
                self.is_loaded = False

    def execve(self, filename: str, argv: list[str], environment: Mapping[str, str]) -> None:
        """In the fork: become the process. Returns never."""
        if not (self.is_loaded and _is_module(argv)):
            super().execve(filename, argv, environment)
        for number in TAKEN:
            signal.signal(number, signal.SIG_DFL)
        signal.signal(signal.SIGINT, signal.default_int_handler)
        os.environ.clear()
        os.environ.update(environment)
        show(argv)
        os._exit(run(argv[argv.index("-m") + 1 :]))


def _is_module(argv: list[str]) -> bool:
    return argv[0] == sys.executable and "-m" in argv


def run(argv: list[str]) -> int:
    """Run `python -m` with these arguments to its very end; the exit status."""
    status = 0
    sys.argv = argv
    try:
        runpy.run_module(argv[0], run_name="__main__", alter_sys=True)
    except SystemExit as end:
        if isinstance(end.code, str):
            print(end.code, file=sys.stderr)
        status = end.code if isinstance(end.code, int) else int(end.code is not None)
    except BaseException:
        traceback.print_exc()
        status = 1
    # As the interpreter ends: what is above us on the stack is supervisord's, and must not go on.
    threading._shutdown()  # type: ignore[attr-defined]  # multiprocessing ends its forks like this, too
    atexit._run_exitfuncs()
    with suppress(OSError):
        sys.stdout.flush()
        sys.stderr.flush()
    return status


def show(argv: list[str]) -> None:
    """Have `ps` show this command, as far as there is room in supervisord's; only Linux tells where."""
    with suppress(OSError):
        told = Path("/proc/self/stat").read_text().rpartition(")")[2].split()
        begin, end = map(int, told[ARGUMENTS])
        said = b"\0".join(map(os.fsencode, argv))[: end - begin - 1]
        ctypes.memmove(begin, said.ljust(end - begin, b"\0"), end - begin)


def main() -> None:
    """supervisord, as `python -m supervisor.supervisord` with the same arguments."""
    options = Forks()
    options.realize(doc=supervisord.__doc__)
    options.first, options.test = True, False
    supervisord.go(options)
    options.close_httpservers()
    options.close_logger()


if __name__ == "__main__":
    main()
