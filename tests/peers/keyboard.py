"""A page as people use it who have no mouse: Tab, letters, Enter. Nothing is clicked or set."""

from playwright.sync_api import Page

MOST_TABS = 250


class Keyboard:
    def __init__(self, page: Page) -> None:
        self.page = page

    def go(self, selector: str) -> None:
        """Tab until this has the focus: backwards is not needed, since Tab goes round."""
        for _ in range(MOST_TABS):
            if self._is_at(selector):
                return
            self.page.keyboard.press("Tab")
        raise AssertionError(f"{selector} is not reached by Tab")

    def write(self, selector: str, text: str) -> None:
        self.go(selector)
        self.page.keyboard.press("Control+a")
        self.page.keyboard.type(text)

    def choose(self, selector: str, first_letters: str) -> None:
        """In a list, by its first letters, as browsers do it."""
        self.go(selector)
        self.page.keyboard.type(first_letters)
        chosen = self.page.locator(f"{selector} option:checked").inner_text()
        assert chosen.startswith(first_letters), chosen

    def press(self, selector: str, key: str = "Enter") -> None:
        self.go(selector)
        self.page.keyboard.press(key)

    def key(self, key: str) -> None:
        """A key that the page itself knows."""
        self.page.keyboard.press(key)

    def _is_at(self, selector: str) -> bool:
        found = "(s) => document.activeElement?.matches(s) ?? false"
        return bool(self.page.evaluate(found, selector))
