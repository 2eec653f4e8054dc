"""A juror's browser at phone width, moved by the keyboard alone."""

import time
from contextlib import suppress
from typing import Any

from playwright.sync_api import Browser, Error, Page

from tests.chromium import PATIENCE_MS
from tests.journeys.filing_site import Site, sign_in
from tests.journeys.juror_site import PASSWORD, PEOPLE

# Seconds.
PATIENCE = PATIENCE_MS / 1000
KEPT = """async () => {
  const found = [];
  for (const name of await caches.keys()) for (const one of await (await caches.open(name)).keys()) found.push(new URL(one.url).pathname);
  return found;
}"""
MOVED = "title => document.querySelector('main h1')?.innerText !== title"
WAITING = """async () => {
  const { juryCopies } = await import('/static/js/local_copies.js');
  return (await juryCopies(document.body.dataset.account)).map((copy) => copy.name);
}"""


class Desk:
    """A juror's browser at phone width, moved by the keyboard alone."""

    def __init__(
        self,
        browser: Browser,
        site: Site,
        laid: dict[str, Any],
        name: str = "Jeanne",
        *,
        page: Page | None = None,
        **options: Any,
    ):
        self.site, self.laid, self.name = site, laid, name
        self.seat = laid["seats"][name]
        if page is None:
            page = browser.new_context(
                locale="fr-FR", viewport={"width": 390, "height": 844}, **options
            ).new_page()
        self.page, self.context = page, page.context
        self.page.set_default_timeout(PATIENCE_MS)

    def enter(self) -> None:
        """Sign in and reach the list."""
        sign_in(self.page, self.site.url, {"email": PEOPLE[self.name], "password": PASSWORD})
        self.page.goto(f"{self.site.url}/jury/{self.seat}")
        self.until("() => navigator.serviceWorker.controller !== null")
        self.settle()

    def settle(self) -> None:
        """Wait until this browser keeps the page and what it is drawn from."""
        self.until(
            f"async () => document.readyState === 'complete' && (await ({KEPT})()).includes(location.pathname)"
        )

    def until(self, asked: str, value: Any = None) -> None:
        """Wait until the page answers yes; the policy of its content forbids it to be asked from within."""
        end = time.monotonic() + PATIENCE
        while True:
            try:
                if self.page.evaluate(asked, value):
                    return
            except Error:
                # The page was being left.
                pass
            assert time.monotonic() < end, f"never: {asked}"
            time.sleep(0.1)

    def tab_to(self, words: str, key: str = "Tab") -> None:
        """Press Tab until what has the focus says ``words``."""
        said = (
            "() => { const one = document.activeElement; return (one.labels?.[0] ?? one).innerText || ''; }"
        )
        for _ in range(80):
            self.page.keyboard.press(key)
            if words in self.page.evaluate(said):
                return
        raise AssertionError(f"the keyboard does not reach « {words} »")

    def open_grid(self) -> None:
        """Show the grid: the second tab of a phone."""
        self.tab_to("Grille")
        self.page.keyboard.press("Enter")
        self.page.wait_for_selector("#grid", state="visible")

    def score(self, levels: str) -> None:
        """Answer each criterion by its digit; two tabs lead over the line of reason to the next one."""
        self.tab_to("Raccourcis clavier")
        self.page.keyboard.press("Tab")
        for number, level in enumerate(levels):
            if number:
                self.page.keyboard.press("Tab")
                self.page.keyboard.press("Tab")
            self.page.keyboard.press(level)

    def go_on(self) -> None:
        """Leave for the next file."""
        before = self.page.url
        self.page.keyboard.press("Control+Enter")
        self.until("before => location.href !== before", before)
        self.page.wait_for_load_state("load")

    def wait_until_sent(self) -> None:
        """Wait until no answer waits in this browser."""
        until = time.monotonic() + PATIENCE
        left: Any = ["unknown"]
        while left:
            # An error says that the page was being left.
            with suppress(Error):
                left = self.page.evaluate(WAITING)
            assert not left or time.monotonic() < until, f"these still wait: {left}"
            time.sleep(0.2)
