"""What a person sees while a command works: share, count and rate."""

import io
import re

import pytest
from django.core.management.base import OutputWrapper
from django.core.management.color import color_style

from callstore.base.progress import Bar, Stages


@pytest.fixture
def err():
    """A command's stderr on a terminal, where errors are red."""
    out = OutputWrapper(io.StringIO())
    out._out.isatty = lambda: True
    out.style_func = color_style(force_color=True).ERROR
    return out


def lines(err: OutputWrapper) -> list[str]:
    """What stands there in the end, after every bar was drawn over its last."""
    return [line.split("\r")[-1] for line in err.getvalue().removesuffix("\n").split("\n")]


def test_a_bar_shows_share_count_and_rate_in_one_line(err):
    with Bar(2_000, err, "events") as bar:
        for _ in range(3):
            bar(500)
    assert bar.done == 1_500
    [line] = lines(err)
    assert re.fullmatch(r"\[#{30} {10}\]  75% 1,500 of 2,000, +[\d.]+ events/s", line)


def test_a_bar_is_no_error_and_draws_over_itself(err):
    with Bar(1, err, "keys") as bar:
        bar(1)
    drawn = err.getvalue()
    assert "\x1b" not in drawn and drawn.count("\n") == 1 and drawn.startswith("\r")


def test_a_line_ends_also_where_the_work_failed(err):
    with pytest.raises(ValueError), Bar(2, err, "keys"):
        raise ValueError
    assert err.getvalue().endswith("\n")


def test_more_than_was_thought_is_still_the_whole(err):
    with Bar(2, err, "events") as bar:
        bar(3)
    assert "100% 3 of 3" in lines(err)[0]


def test_of_nothing_nothing_is_done(err):
    with Bar(0, err, "events"):
        pass
    assert "0% 0 of 0" in lines(err)[0]


def test_stages_stand_under_each_other_and_count_on_from_where_they_began(err):
    with Stages(err, "events", width=6) as shown:
        shown("ids", 0, 10)
        shown("ids", 10, 10)
        shown("calls", 1_000_000_000, 2_000_000_000)
        shown("calls", 1_000_000_001, 2_000_000_000)
    ids, calls = lines(err)
    assert ids.startswith("ids    [####") and "100% 10 of 10" in ids
    assert calls.startswith("calls  [####") and " 50% 1,000,000,001 of 2,000,000,000" in calls
    rate = re.search(r"([\d.]+) events/s", calls)
    assert rate and float(rate[1]) < 1_000_000, "what an earlier run did was not done now"


def test_a_stage_that_begins_again_has_a_bar_of_its_own(err):
    with Stages(err, "events", width=6) as shown:
        for done, total in [(20, 40), (40, 40), (1, 2), (2, 2)]:
            shown("latest", done, total)
    first, second = lines(err)
    assert "40 of 40" in first and "2 of 2" in second and "-" not in second
