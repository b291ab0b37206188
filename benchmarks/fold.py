"""How fast fold and rules are: events a second on one core, medians. `python -m benchmarks.fold`.

The call is Realtime-heavy: four hours of turns and replies, most frames pieces of a transcript.
"""

import gc
import statistics
import time
from collections.abc import Callable
from functools import partial

from benchmarks.harness.compare import demanded
from callstore.domain.call.fold import fold
from callstore.domain.facts import events as ev
from callstore.domain.facts.record import Record
from callstore.report.report import report
from tests.builders import Story, clock

FRAMES = 50_000
CALL_S = 4 * 3600.0
PIECES = 30  # transcript pieces in one reply; at 3.6 a second that is 8 s of talk
ROUNDS = 5


def long_call(frames: int = FRAMES, length_s: float = CALL_S) -> list[Record]:
    """One call of about `frames` sideband frames with a dual recording and a legible end."""
    story = Story().asked("00:00:01").child("initiated", "00:00:02", sequence=0).offered("00:00:02")
    story.child("in-progress", "00:00:03", sequence=2)
    story.frame(ev.SessionConfigured, "00:00:03.5", session="sess_bench", transcription="whisper")
    rounds = frames // (PIECES + 10)
    step = (length_s - 20) / rounds
    spoken, agent = [], []
    for number in range(rounds):
        begin = 5 + number * step
        said = begin + min(3.0, step / 3)
        story.turn(f"item_{number}", clock(begin), clock(said), "00:00:03.3", f"Sentence {number}.")
        _reply(story, f"resp_{number}", said + 0.6, min(4.0, step / 3))
        spoken.append((clock(begin), clock(said)))
        agent.append((clock(said + 0.8), clock(said + 0.6 + min(4.0, step / 3))))
    end = clock(length_s)
    story.child("completed", end, sequence=3, sip_code=200).dial_action(clock(length_s + 0.4))
    story.parent("completed", clock(length_s + 1), sequence=0)
    return story.heard("00:00:03", end, *spoken, agent=agent).records


def _reply(story: Story, response: str, at: float, length_s: float) -> None:
    story.frame(ev.ReplyStarted, clock(at), response=response)
    story.frame(ev.PlaybackChanged, clock(at + 0.2), response=response, state="started")
    for piece in range(PIECES):
        story.frame(ev.ReplySpoken, clock(at + 0.2 + piece * 0.02), response=response, text=f"word{piece} ")
    story.frame(ev.ReplyFinished, clock(at + 1.0), response=response, status="completed")
    story.frame(ev.FrameSeen, clock(at + 1.0), kind="rate_limits.updated")
    story.frame(ev.PlaybackChanged, clock(at + length_s), response=response, state="stopped")


def short_call() -> list[Record]:
    """An ordinary call of three minutes."""
    return long_call(600, 180.0)


def median_s(work: Callable[[], object]) -> float:
    """Seconds, the median of ROUNDS after one to warm up, the collector resting in between."""
    work()
    taken = []
    for _ in range(ROUNDS):
        gc.collect()
        start = time.perf_counter()
        work()
        taken.append(time.perf_counter() - start)
    return statistics.median(taken)


def main() -> None:
    for name, records in (("4 hours", long_call()), ("3 minutes", short_call())):
        folded, reported = median_s(partial(fold, records)), median_s(partial(report, records))
        count = len(records)
        print(
            f"{name:>10}: {count:6} events  fold {count / folded:9,.0f}/s ({folded * 1000:7.1f} ms)"
            f"  fold and rules {count / reported:9,.0f}/s ({reported * 1000:7.1f} ms)"
        )
        demanded(f"fold and rules of a call of {name}, events/s", count / reported, least=50_000)


if __name__ == "__main__":
    main()
