"""What readers ask of a list: filters of every key, ids, words, by what they are."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime
from typing import TypeAlias

from callstore.eventlog.db.statement import run
from callstore.search.compile import where
from callstore.search.errors import QueryError
from callstore.search.keys import KEYS, Key

Kinds: TypeAlias = Mapping[str, Sequence[str]]

SPOKEN: Kinds = {
    "common": ("visit", "caller:please", "agent_said:予約", "見積もり", "agent_said:gracias"),
    "rare": ("zirconium", 'caller:"zirconium ring"', "返金", "zirconium -kitchen"),
    "absent": ("xylophone", "agent_said:返金", "caller:unobtainium", "退会", "15559999999"),
    "absent, of common pieces": (
        "station", "estimates", "kitchens", '"the kitchen booking"', "caller:expression", "reportable",
        "confidential", "interested", '"is it about the windows"', "明日見積",
    ),
    "two Japanese characters": ("予約", "見積", "指輪", "確認"),
    "phrase": ('"thank you for calling"', '"depending on the state"', '"the state of the zirconium"'),
    'caller:"…"': ('caller:"about the estimate"', 'caller:"calling about"', 'caller:"estimate the about"'),
}  # fmt: skip
COUNTED = {
    "all keys": "",
    "all keys, founding filter": "is:truncated status:completed sip:200",
    "all keys, seven days": "started:>=2026-10-25",
    "all keys, a length": "duration:>10s",
    "all keys, a rare length": "duration:>6m",
    "all keys, two lengths": "duration:>10s ai_silence:>2s",
    "all keys, a word": "zirconium",
}
ABSENT = {
    "flag": "false_positive", "source": "", "number": "999", "duration": ">3h", "time": "1999-01-01",
    "code": "99999", "name": "nobody*", "machine": "nothing", "entry": "xx", "tag": "nothing",
    "assignee": "nobody", "incident": "nothing",
}  # fmt: skip


def filters() -> Kinds:
    """By kind of key: each key's example, what no call has, and anything at all."""
    found: dict[str, list[str]] = {}
    for name, key in KEYS.items():
        if key.kind != "text":
            found.setdefault(key.kind, []).extend(_asked(name, key))
    return found


def _asked(name: str, key: Key) -> Iterator[str]:
    absent = ABSENT.get(key.kind) or (key.values[-1] if key.values else "")
    for q in (key.example, f"{name}:{absent}", f"{name}:*", f"-{key.example}"):
        try:
            where(q, datetime.now(UTC))
        except QueryError:
            continue  # not every key takes anything
        yield q


def ids(calls: int) -> Kinds:
    """Of each key that takes ids one that a call in the middle has, one that none has, and a beginning."""
    columns = {"sid": "child_call_sid", "ai_call": "ai_call_id", "session": "ai_session_id"}
    [row] = run(
        f"SELECT call_id::text, {', '.join(columns.values())} FROM call WHERE ai_session_id IS NOT NULL"
        " AND child_call_sid IS NOT NULL ORDER BY started_at OFFSET %s LIMIT 1",
        [calls // 3],
    )
    known = dict(zip(["", *columns], row, strict=True))
    return {
        "present": [f"{key}:{id}" if key else id for key, id in known.items()],
        "absent": [f"{key}:{_other(id)}" if key else _other(id) for key, id in known.items()],
        "beginning": [f"{key}:{id[:10]}*" for key, id in known.items() if key],
        "beginning, absent": [f"{key}:{id[:5]}zz*" for key, id in known.items() if key],
    }


def _other(id: str) -> str:
    return id[:-4] + ("0000" if id[-4:] != "0000" else "1111")
