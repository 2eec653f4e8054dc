"""A person at a browser: opens pages, fills forms by the names of their fields, presses their buttons."""

import re
from typing import Any

from playwright.sync_api import Browser, BrowserContext, Page

from tests.adapter import Adapter
from tests.chromium import PATIENCE_MS
from tests.journeys.accessibility import problems_of_page

WIDTHS = (390, 1280)


class Person:
    """One person in a browser of their own; what is wrong with the pages they pass through is kept in ``found``."""

    def __init__(self, browser: Browser, platform: Adapter, name: str, found: dict[str, list[str]]) -> None:
        self.name = name
        self.platform = platform
        self.found = found
        self.outside: list[str] = []
        self.context: BrowserContext = browser.new_context(base_url=platform.base_url, locale="fr-FR")
        self.context.on("request", self._watch)
        self.page: Page = self.context.new_page()
        self.page.set_default_timeout(PATIENCE_MS)
        self.page.on("dialog", lambda dialog: dialog.accept())
        self.page.on("pageerror", lambda error: self.outside.append(f"script error: {error}"))

    def _watch(self, request: Any) -> None:
        if not request.url.startswith((self.platform.base_url, "data:", "blob:")):
            self.outside.append(request.url)

    def open(self, address: str, *, look: bool = True) -> str:
        """Open an address and return its text; ``look`` checks its accessibility at both widths."""
        path = "/" + address.split("/", 3)[3] if address.startswith("http") else address
        answer = self.page.goto(path)
        assert answer is not None
        assert answer.status == 200, f"{self.name} opens {path}: {answer.status}"
        if look:
            self.look()
        return self.text

    @property
    def text(self) -> str:
        """What the page says, with ordinary spaces."""
        return re.sub(r"[\u00a0\u202f]", " ", self.page.inner_text("body"))

    def look(self) -> None:
        """Check the page at each width, once a shape of address."""
        shape = re.sub(
            r"/[A-Za-z0-9_-]{22,}", "/…", self.page.url.split("?")[0].removeprefix(self.platform.base_url)
        )
        if shape in self.found:
            return
        self.found[shape] = []
        for width in WIDTHS:
            self.page.set_viewport_size({"width": width, "height": 900})
            self.found[shape] += [f"{width} px: {problem}" for problem in problems_of_page(self.page)]

    def fill(self, values: dict[str, str], action: str = "") -> None:
        """Fill the fields of the form that goes to an address ending with ``action`` (the page's own when empty)."""
        form = self._form(action)
        there = [name for name in values if form.locator(f'[name="{name}"]').count()]
        assert there, f"{self.name} finds none of {', '.join(values)} at {self.page.url}"
        for name, value in values.items():
            field = form.locator(f'[name="{name}"]')
            if field.count() == 0:
                continue
            kind = field.first.get_attribute("type") or field.first.evaluate(
                "one => one.tagName.toLowerCase()"
            )
            if kind in ("radio", "checkbox"):
                self._tick(form.locator(f'[name="{name}"][value="{value}"]').first)
            elif kind == "select":
                field.first.select_option(value)
            else:
                field.first.fill(value)

    def _tick(self, choice: Any) -> None:
        """Choose a box or a level."""
        if choice.is_checked():
            return
        # Some boxes are drawn over by their words, others lie over them: the element's own click is the same for both.
        choice.evaluate("one => one.click()")
        assert choice.is_checked()

    def press(self, action: str = "", *, status: tuple[int, ...] = (200,)) -> str:
        """Send the form that goes to an address ending with ``action`` and return what the next page says."""
        form = self._form(action)
        assert form.count(), f"{self.name} finds no form to {action} at {self.page.url}:\n{self.text[:1500]}"
        button = form.locator('button[type="submit"]:not([form]), button:not([type]):not([form])').first
        if button.count() and not button.is_visible():
            # A question asked before the act: a fold to open, or a dialog that the button of the page would open.
            button.evaluate(
                "one => { const fold = one.closest('details'); if (fold) fold.open = true;"
                " const asked = one.closest('dialog'); if (asked && !asked.open) asked.showModal(); }"
            )
        with self.page.expect_navigation() as moved:
            if button.count() and button.is_visible():
                button.click(no_wait_after=True)
            else:
                form.evaluate("one => one.submit()")
        answer = moved.value
        assert answer is not None
        assert answer.status in status, (
            f"{self.name} sends {action or self.page.url}: {answer.status}\n{self.text[:800]}"
        )
        return self.text

    def _form(self, action: str) -> Any:
        if action:
            named = self.page.locator(
                f'form[action$="{action}"], form[action*="{action}#"], form[action*="{action}?"]'
            )
            if named.count():
                return named.first
        return self.page.locator('main form[method="post"]:not([action*="/pieces"])').last

    def attach(self, question: str, name: str, content: bytes, media_type: str) -> None:
        """Send a file for a question of the candidacy's form."""
        form = self.page.locator(
            f'form[action$="/pieces"]:has(input[name="question"][value="{question}"])'
        ).first
        form.locator('input[type="file"]').set_input_files(
            {"name": name, "mimeType": media_type, "buffer": content}
        )
        # The script sends it by itself, and then draws the list of files again.
        self.page.wait_for_selector(f'#files-{question} >> text="{name}"')

    def sign_in(self, email: str, password: str) -> None:
        """Sign in as a person would."""
        self.open("/compte/connexion")
        self.fill({"email": email, "password": password}, "/compte/connexion")
        self.press("/compte/connexion")

    def close(self) -> None:
        """Close the browser's window."""
        self.context.close()
