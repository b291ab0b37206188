"""The axis zoomed in a browser: nothing that is drawn gets lost, and nobody in a tenth of a second."""

import pytest

from tests.dashboard.call.opened import opened, until

LEAST_S = 0.5
RANGE = "document.querySelector('[data-figure]').layout.xaxis.range.map(Number)"
LENGTH = f"(range => range[1] - range[0])({RANGE})"

pytestmark = pytest.mark.browser


def drag(page, start, end):
    """Drags over the plot between two places on the page, and waits until it shows less."""
    before = page.evaluate(LENGTH)
    middle = page.locator("[data-figure]").bounding_box()["y"] + 100
    page.mouse.move(start, middle)
    page.mouse.down()
    page.mouse.move(end, middle + 4, steps=8)
    page.mouse.up()
    until(page, f"{LENGTH} < {before} - 0.01")


def hidden_bars(page):
    bars = page.locator("[data-figure] .bars .point")
    return bars.count(), bars.evaluate_all(
        "all => all.filter(each => getComputedStyle(each).display === 'none').length"
    )


def test_two_zooms_and_fit_leave_every_bar_on_the_axis(page):
    opened(page, "founding_call")
    bars, _ = hidden_bars(page)
    box = page.locator("[data-figure]").bounding_box()
    drag(page, box["x"] + 580, box["x"] + 620)
    drag(page, box["x"] + 480, box["x"] + 880)
    page.click(".tools [data-fit]")
    until(page, f"{LENGTH} > 60")
    assert hidden_bars(page) == (bars, 0)


def test_nothing_zooms_in_further_than_half_a_second(page):
    opened(page, "founding_call", "?t=50")
    for _ in range(12):
        page.click(".tools [data-zoom-by='0.5']")
    until(page, f"Math.abs({LENGTH} - {LEAST_S}) < 0.01")
    page.click(".tools [data-fit]")
    until(page, f"{LENGTH} > 60")
    box = page.locator("[data-figure]").bounding_box()
    for _ in range(2):
        drag(page, box["x"] + 500, box["x"] + 530)
    until(page, f"{LENGTH} >= {LEAST_S} - 0.001")
