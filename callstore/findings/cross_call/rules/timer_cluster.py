"""AI legs that failed after the same time, call after call: a timer ended them (P20)."""

import math
from collections import defaultdict
from collections.abc import Iterator, Sequence

from callstore.findings.cross_call.summary import Incident, Summary
from callstore.findings.cross_call.window import TimeWindow
from callstore.findings.rule import Finding

# A timer works until somebody sets it otherwise: a day before and after holds enough calls of a quiet line.
WINDOW_S = 86_400.0
# Both ends of a leg count whole seconds.
WIDTH_S = 1
# The neighbourhood that says how many such calls to expect without a timer.
AROUND_S = 30
# Fewer calls can be chance, however few there are around them.
LEAST = 4
# A peak stands so many standard deviations over its surroundings.
SIGMAS = 4.0
# A leg this short was refused or given up; many end then without a timer.
SHORTEST_S = 5
# Timers that are known (SIP retransmission RFC 3261 timers B, F and H; OpenAI's and Twilio's maxima).
KNOWN = {32: "SIP's retransmission limit is 32 s", 3600: "OpenAI's sessions end after 3600 s",
         14_400: "<Dial> ends after 14400 s unless told otherwise"}  # fmt: skip


def find(calls: Sequence[Summary], incidents: Sequence[Incident]) -> Iterator[tuple[str, Finding]]:
    lasted: defaultdict[int, list[Summary]] = defaultdict(list)
    for call in calls:
        if call.failed and call.child_duration_s is not None and call.child_duration_s >= SHORTEST_S:
            lasted[call.child_duration_s].append(call)
    for length, legs in list(lasted.items()):
        alike, around = _about(lasted, length, WIDTH_S), _about(lasted, length, AROUND_S)
        for call in legs:
            near = alike.within(call.at, WINDOW_S)
            beside = len(around.within(call.at, WINDOW_S)) - len(near)
            expected = beside * (2 * WIDTH_S + 1) / (2 * (AROUND_S - WIDTH_S))
            if len(near) >= max(LEAST, expected + SIGMAS * math.sqrt(expected + 1)):
                yield call.call_id, _finding(call, alike, near, length, expected)


def _about(lasted: dict[int, list[Summary]], length: int, width_s: int) -> TimeWindow:
    lengths = range(length - width_s, length + width_s + 1)
    return TimeWindow(call for other in lengths for call in lasted.get(other, ()))


def _finding(call: Summary, alike: TimeWindow, near: range, length: int, expected: float) -> Finding:
    timer = next((text for known, text in KNOWN.items() if abs(known - length) <= 3), None)
    start, end = alike.lasting(near)
    return Finding(
        slug="timer_cluster",
        says=f"{len(near)} AI legs failed after {length} s, give or take a second, where "
        f"{expected:.1f} were to be expected" + (f"; {timer}." if timer else "."),
        certainty="consistent",
        evidence=(),
        start=start,
        end=end,
        missing=("which timer it is: a SIP trace of one of the calls",),
        calls=alike.others(call, near),
    )
