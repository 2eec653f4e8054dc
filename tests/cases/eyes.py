"""A real browser that opens pages and says what ran in them and whom they asked."""

import re
from collections.abc import Iterable
from types import TracebackType
from typing import Any, Self

from tests.adapter import Adapter
from tests.cases.context import NotApplicable
from tests.chromium import find_chromium, launched

LISTEN = """
window.__ran = [];
window.__xss = () => { window.__ran.push('__xss'); return 0 };
for (const name of ['alert', 'prompt', 'confirm']) window[name] = () => { window.__ran.push(name); return false };
"""
LOOK = """() => {
  const bad = /^\\s*(j\\s*a\\s*v\\s*a\\s*s\\s*c\\s*r\\s*i\\s*p\\s*t|vbscript|data:text)/i;
  const found = window.__ran.map(one => 'ran ' + one);
  for (const node of document.querySelectorAll('[href],[src],[action],[formaction],[srcdoc],[data],[poster],[background]'))
    for (const name of ['href', 'src', 'action', 'formaction', 'data', 'poster', 'background', 'srcdoc']) {
      const value = node.getAttribute(name);
      if (value && (bad.test(value) || value.includes('mal.example') || name === 'srcdoc'))
        found.push(node.localName + '[' + name + '=' + value.slice(0, 80) + ']');
    }
  for (const node of document.querySelectorAll('*'))
    for (const attribute of node.attributes)
      if (/^on/i.test(attribute.name)) found.push(node.localName + '[' + attribute.name + ']');
  return found;
}"""


class Eyes:
    """Chromium without the policy of the pages: what is not escaped would run. ``found`` is what ran and was asked."""

    def __init__(self, base_url: str) -> None:
        self.base_url, self.found, self.opened = base_url, list[str](), 0
        self._here = ""

    def __enter__(self) -> Self:
        from playwright.sync_api import sync_playwright

        if find_chromium() is None:
            raise NotApplicable("Chromium is not on this machine")
        self._driver = sync_playwright().start()
        self._browser = launched(self._driver)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._browser.close()
        self._driver.stop()

    def open_all(self, name: str, person: Adapter, paths: Iterable[str]) -> None:
        """Open pages as a person."""
        context = self._browser.new_context(bypass_csp=True, locale="fr-FR")
        context.add_init_script(LISTEN)
        context.route(lambda url: not url.startswith(self.base_url), self._refuse)
        # What is ours and shows nothing of anybody's words only costs time.
        context.route(re.compile(r"/static/(css|fonts|img)/"), lambda route: route.abort())
        context.add_cookies(
            [
                {"name": key, "value": value, "url": self.base_url}
                for key, value in person.http.cookies.items()
            ]
        )
        page = context.new_page()
        page.on("dialog", lambda dialog: dialog.dismiss())
        for path in paths:
            self._here = f"{name} {path}"
            page.goto(self.base_url + path, wait_until="load")
            self._look(page)
        context.close()

    def open_letters(self, letters: Iterable[dict[str, str]]) -> None:
        """Show the letters as a mail client would that runs everything."""
        context = self._browser.new_context(bypass_csp=True)
        context.route(lambda url: not url.startswith(self.base_url), self._refuse)
        page = context.new_page()
        for letter in letters:
            self._here = f"letter {letter['kind']}"
            page.set_content(f"<script>{LISTEN}</script>{letter['html']}", wait_until="load")
            self._look(page)
        context.close()

    def _refuse(self, route: Any) -> None:
        if not route.request.url.startswith(("data:", "blob:", "about:")):
            self.found.append(f"{self._here}: asked {route.request.url[:100]}")
        route.abort()

    def _look(self, page: Any) -> None:
        self.opened += 1
        self.found += [f"{self._here}: {one}" for one in page.evaluate(LOOK)]
