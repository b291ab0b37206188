"""What a page weighs on its way, packed as gzip packs, whatever the server did."""

import gzip
from collections import Counter
from collections.abc import Callable

from playwright.sync_api import Page, Response

KINDS = ("document", "script", "stylesheet", "fetch")


def packed_kb(page: Page, opens: Callable[[], object]) -> dict[str, float]:
    """The KB of each kind of what a page asks for while it is opened, in sum."""
    answers: list[Response] = []

    def keep(answer: Response) -> None:
        answers.append(answer)

    page.on("response", keep)
    opens()
    page.remove_listener("response", keep)
    packed: Counter[str] = Counter()
    for answer in answers:
        if answer.request.resource_type in KINDS and answer.status == 200:
            packed[answer.request.resource_type] += len(gzip.compress(answer.body(), 6))
    return {kind: packed[kind] / 1000 for kind in KINDS}
