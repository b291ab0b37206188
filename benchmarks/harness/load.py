"""Load over HTTP: ready-made requests on keep-alive connections, by one loop that does nothing else."""

import select
import socket
import time
from collections import Counter, deque
from collections.abc import Sequence
from typing import NamedTuple

HEADER_END = b"\r\n\r\n"
LENGTH = b"content-length:"


class Outcome(NamedTuple):
    """Answers a second, the latencies of all in seconds (sorted), and how often each status came."""

    rate: float
    latencies: list[float]
    statuses: Counter[int]

    def percentile(self, share: float) -> float:
        """Milliseconds."""
        return self.latencies[min(len(self.latencies) - 1, int(len(self.latencies) * share))] * 1000


class _Connection:
    """A socket, what has come of the answer to the request on it, and since when that is waited for."""

    def __init__(self, address: tuple[str, int]) -> None:
        self.socket = socket.create_connection(address, timeout=30)
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.came = b""
        self.since = 0.0

    def send(self, request: bytes, since: float) -> None:
        self.since = since
        self.socket.sendall(request)

    def receive(self) -> int | None:
        """The status once the answer is there, whole."""
        came = self.socket.recv(65536)
        if not came:
            raise ConnectionError("the server hung up")
        self.came += came
        head, found, body = self.came.partition(HEADER_END)
        if not found or len(body) < _length(head):
            return None
        self.came = b""
        return int(head[9:12])


def drive(
    address: tuple[str, int], requests: Sequence[bytes], connections: int = 16, rate: float | None = None
) -> Outcome:
    """Sends every request once: each connection its next as soon as it has an answer, or at `rate` a second.

    At a rate, a latency counts from the moment at which the request was due, whether or not a connection
    was free to take it.
    """
    idle = deque(_Connection(address) for _ in range(connections))
    busy = {connection.socket.fileno(): connection for connection in idle}
    poll = select.epoll()
    for number in busy:
        poll.register(number, select.EPOLLIN)
    latencies: list[float] = []
    statuses: Counter[int] = Counter()
    ahead = iter(requests)
    sent, total = 0, len(requests)
    started = time.perf_counter()
    while len(latencies) < total:
        now = time.perf_counter()
        while idle and sent < total and (rate is None or started + sent / rate <= now):
            idle.popleft().send(next(ahead), now if rate is None else started + sent / rate)
            sent += 1
        due = started + sent / rate - now if rate is not None and idle and sent < total else 5.0
        for number, _ in poll.poll(max(0.0, due)):
            connection = busy[number]
            status = connection.receive()
            if status is not None:
                latencies.append(time.perf_counter() - connection.since)
                statuses[status] += 1
                idle.append(connection)
    took = time.perf_counter() - started
    for connection in idle:
        connection.socket.close()
    poll.close()
    return Outcome(total / took, sorted(latencies), statuses)


def post(path: str, headers: dict[str, str], body: bytes) -> bytes:
    """A request as it goes over the wire."""
    lines = [f"POST {path} HTTP/1.1", "Host: localhost", f"Content-Length: {len(body)}"]
    lines += [f"{name}: {value}" for name, value in headers.items()]
    return "\r\n".join(lines).encode() + HEADER_END + body


def _length(head: bytes) -> int:
    lower = head.lower()
    at = lower.find(LENGTH)
    return 0 if at < 0 else int(lower[at + len(LENGTH) :].split(b"\r\n", 1)[0])
