"""Many told calls over signed HTTP, as their senders would deliver them."""

from collections import deque
from collections.abc import Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor

import httpx

from callstore.rehearsal.scenarios.sending import TIMEOUT_S, SendingFailed, accepted, deliver
from callstore.rehearsal.simulation.story import SimulatedCall

SENDERS = 8  # calls at once; a call's own deliveries keep their order
WAITING = 2 * SENDERS  # calls told ahead of their sending


def send_all(told: Iterable[SimulatedCall], url: str, base: str) -> Iterator[int]:
    """Sends calls, signed over `base`; yields the number of deliveries of each. Raises SendingFailed."""
    waiting: deque[Future[int]] = deque()
    with _client(url) as client, ThreadPoolExecutor(SENDERS) as pool:
        try:
            for call in told:
                waiting.append(pool.submit(_send, client, call, base))
                while waiting and (waiting[0].done() or len(waiting) >= WAITING):
                    yield waiting.popleft().result()
            while waiting:
                yield waiting.popleft().result()
        finally:
            pool.shutdown(cancel_futures=True)


def _client(url: str) -> httpx.Client:
    try:
        return httpx.Client(base_url=url, timeout=TIMEOUT_S)
    except httpx.InvalidURL as error:
        raise SendingFailed(f"{url} does not answer: {error}") from error


def _send(client: httpx.Client, call: SimulatedCall, base: str) -> int:
    return accepted([deliver(client, delivery, base) for delivery in call.deliveries])
