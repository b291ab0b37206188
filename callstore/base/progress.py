"""The progress bar of commands that take long."""

from django.core.management.base import OutputWrapper

WIDTH = 40  # characters


class Bar:
    """Call it with what was done since the last time; at the end it has drawn itself full."""

    def __init__(self, total: int, out: OutputWrapper) -> None:
        self.total = total
        self.done = 0
        self._out = out

    def __call__(self, done: int) -> None:
        was_full, self.done = self.done >= self.total, self.done + done
        share = min(1.0, self.done / max(1, self.total))
        ending = "\n" if share == 1.0 and not was_full else ""
        self._out.write(f"\r[{'#' * int(share * WIDTH):<{WIDTH}}] {share:4.0%}", ending=ending)
