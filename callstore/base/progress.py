"""The progress bars of commands that take long: share, count and rate, on the command's stderr."""

from typing import Any

from django.core.management.base import OutputWrapper
from tqdm import tqdm

WIDTH = 40  # of a bar, in characters
SHAPE = f"{{desc}}[{{bar:{WIDTH}}}] {{percentage:3.0f}}% {{n:,}} of {{total:,}}, {{rate_noinv_fmt}}"

tqdm.monitor_interval = 0  # no thread: it would draw again what does not move


class Bar:
    """The bar of one piece of work, drawn until its block ends. Call it with what was done meanwhile.

    `unit` names what is counted, `total` how many of it there are to do. A total may be an estimate: what
    is done beyond it makes it larger.
    """

    def __init__(self, total: int, out: OutputWrapper, unit: str, *, label: str = "", done: int = 0) -> None:
        self.total = total
        self._bar = tqdm(
            total=total,
            initial=done,
            desc=label,
            unit=f" {unit}",
            file=_PlainOutput(out),
            ascii=" #",
            smoothing=0,  # the rate since the beginning
            bar_format=SHAPE,
        )

    @property
    def done(self) -> int:
        """How much was done so far."""
        return int(self._bar.n)

    def __call__(self, more: int) -> None:
        self.reach(self.done + more, self.total)

    def reach(self, done: int, total: int) -> None:
        """So much is done now, of so much."""
        self.total = self._bar.total = max(done, total)
        self._bar.update(done - self.done)

    def __enter__(self) -> "Bar":
        return self

    def __exit__(self, *_: object) -> None:
        self.end()

    def end(self) -> None:
        """Draw it for the last time, and end its line."""
        self._bar.close()


class Stages:
    """The bars of work in stages, one under the other. Call it with a stage, what is done of it, of how much.

    `width` is that of the longest stage's name. A stage of which less is done than before has begun again.
    """

    def __init__(self, out: OutputWrapper, unit: str, width: int) -> None:
        self._out, self._unit, self._width = out, unit, width
        self._stage = ""
        self._bar: Bar | None = None

    def __call__(self, stage: str, done: int, total: int) -> None:
        if self._bar is None or stage != self._stage or done < self._bar.done:
            self._end()
            label = f"{stage:<{self._width}} "
            self._stage, self._bar = stage, Bar(total, self._out, self._unit, label=label, done=done)
        self._bar.reach(done, total)

    def __enter__(self) -> "Stages":
        return self

    def __exit__(self, *_: object) -> None:
        self._end()

    def _end(self) -> None:
        if self._bar:
            self._bar.end()


class _PlainOutput:
    """A command's output as a bar is written to it: without the line ends and the colour of an error."""

    def __init__(self, out: OutputWrapper) -> None:
        self._out = out

    def write(self, text: str) -> Any:
        self._out.write(text, style_func=str, ending="")

    def flush(self) -> None:
        self._out.flush()
