"""Hands for a whole investigation in a browser: a mouse, a thumb, or a keyboard and nothing else."""

from playwright.sync_api import Page, expect

MOST_STOPS = 220  # of Tab; a page that needs more cannot be worked on by keyboard
AT = """selector => {
  const at = document.activeElement;
  const box = at.getBoundingClientRect();
  const middle = [box.x + Math.min(box.width / 2, 40), box.y + box.height / 2];
  const over = document.elementFromPoint(...middle);
  const hidden = !over || !(at.contains(over) || over.contains(at));
  return [at.matches(selector), hidden && at !== document.body ? at.outerHTML.slice(0, 90) : ""];
}"""


class Pointer:
    """A mouse, or a thumb where the page is touched."""

    def __init__(self, page: Page, *, touch: bool) -> None:
        self.page, self.touch = page, touch

    def press(self, selector: str) -> None:
        there = self.page.locator(selector).first
        there.tap() if self.touch else there.click()

    def choose(self, selector: str, label: str) -> None:
        self.page.locator(selector).select_option(label=label)

    def write(self, selector: str, text: str) -> None:
        self.press(selector)
        self.page.locator(selector).fill("")
        self.page.keyboard.type(text)


class Keyboard:
    """Tab, Enter, letters and arrows. Whatever has the focus on the way must be seen."""

    def __init__(self, page: Page) -> None:
        self.page = page

    def reach(self, selector: str, key: str = "Tab") -> None:
        for _ in range(MOST_STOPS):
            there, covered = self.page.evaluate(AT, selector)
            if there:
                assert not covered, f"the focus is out of sight: {covered}"
                return
            self.page.keyboard.press(key)
        raise AssertionError(f"no key leads to {selector}")

    def back_to(self, selector: str) -> None:
        self.reach(selector, "Shift+Tab")

    def press(self, selector: str) -> None:
        self.reach(selector)
        self.page.keyboard.press("Enter")

    def choose(self, selector: str, label: str) -> None:
        self.reach(selector)
        self.page.keyboard.type(label)
        expect(self.page.locator(selector).locator("option:checked")).to_have_text(label)

    def write(self, selector: str, text: str) -> None:
        self.reach(selector)
        self.page.keyboard.press("Control+a")
        self.page.keyboard.type(text)
