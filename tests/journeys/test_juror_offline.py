"""A juror on a phone with a keyboard and a network that comes and goes: every mark is there, exactly once."""

import json
import sqlite3
import time
from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, Error, Page, sync_playwright

from tests.chromium import ARGUMENTS, find_chromium
from tests.journeys.filing_site import Site, sign_in, wait_for_state
from tests.journeys.juror_site import PASSWORD, PEOPLE, RECUSED, a_jury_site

pytestmark = pytest.mark.browser
CRITERIA = 7
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
        self, browser: Browser, site: Site, laid: dict[str, Any], name: str = "Jeanne", **options: Any
    ):
        self.site, self.laid, self.name = site, laid, name
        self.seat = laid["seats"][name]
        self.context = browser.new_context(locale="fr-FR", viewport={"width": 390, "height": 844}, **options)
        self.page: Page = self.context.new_page()
        self.page.set_default_timeout(20_000)

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
        end = time.monotonic() + 20
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
        until = time.monotonic() + 40
        while left := self.page.evaluate(WAITING):
            assert time.monotonic() < until, f"these still wait: {left}"
            time.sleep(0.2)


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with sync_playwright() as played:
        opened = played.chromium.launch(executable_path=find_chromium(), args=list(ARGUMENTS))
        yield opened
        opened.close()


@pytest.fixture
def laid() -> Iterator[tuple[Site, dict[str, Any]]]:
    with a_jury_site() as found:
        yield found


def rows(site: Site, statement: str) -> list[Any]:
    with sqlite3.connect(site.folder / "awards.sqlite3") as database:
        return database.execute(statement).fetchall()


def marks(site: Site) -> dict[str, str]:
    """Return the levels kept of each file, in one word; fails on a mark that was written twice."""
    found = rows(
        site,
        "SELECT structure.name, group_concat(level, ''), max(mark.version), count(*) FROM"
        " (SELECT * FROM mark ORDER BY criterion_id) AS mark JOIN scoresheet ON scoresheet.id = scoresheet_id"
        " JOIN candidacy ON candidacy.id = candidacy_id JOIN structure ON structure.id = structure_id"
        " GROUP BY structure.name",
    )
    assert {version for _name, _levels, version, _count in found} <= {1}
    return {name: levels for name, levels, _version, _count in found}


def test_eight_files_by_keyboard_through_a_lost_network(browser: Browser, laid: Any) -> None:
    site, world = laid
    desk = Desk(browser, site, world)
    page = desk.page
    desk.enter()
    desk.tab_to("Continuer")
    page.keyboard.press("Enter")
    page.wait_for_url("**/candidatures/*")
    opened = [page.inner_text("main h1")]
    for _ in range(7):
        desk.settle()
        page.keyboard.press("ArrowRight")
        desk.until(MOVED, opened[-1])
        opened.append(page.inner_text("main h1"))
    for _ in range(7):
        before = page.inner_text("main h1")
        page.keyboard.press("ArrowLeft")
        desk.until(MOVED, before)
    desk.settle()
    given = {}
    levels = ["1231231", "2312312", "3123123", "1112223", "3332221", "2221113", "1313131", "2323232"]
    for number, word in enumerate(levels):
        if number == 2:
            desk.context.set_offline(True)
        title = page.inner_text("main h1")
        given[title.replace("Projet", "Structure")] = word
        desk.open_grid()
        desk.score(word)
        if number >= 2:
            wait_for_state(page, f"hors ligne : {(number - 1) * CRITERIA} réponses en attente")
        if number == 7:
            break
        desk.go_on()
    assert page.is_visible("[data-kept-copy]")
    desk.context.set_offline(False)
    desk.wait_until_sent()
    assert marks(site) == given
    saved = [
        json.loads(detail)
        for (detail,) in rows(site, "SELECT detail FROM journal_entry WHERE act = 'record_scoresheet'")
    ]
    assert len(saved) == 8 * CRITERIA
    desk.context.close()


def test_what_is_kept_is_what_was_opened_and_goes_at_sign_out(browser: Browser, laid: Any) -> None:
    site, world = laid
    desk = Desk(browser, site, world)
    page = desk.page
    desk.enter()
    recused, first, second = (world["files"][name] for name in (RECUSED, "01", "02"))
    page.goto(f"{site.url}/jury/{desk.seat}/candidatures/{recused}")
    for key in (first, second):
        page.goto(f"{site.url}/jury/{desk.seat}/candidatures/{key}")
        desk.settle()
    kept = [path for path in page.evaluate(KEPT) if "/candidatures/" in path]
    assert sorted(kept) == sorted(f"/jury/{desk.seat}/candidatures/{key}" for key in (first, second))
    page.goto(f"{site.url}/compte")
    with page.expect_navigation():
        page.click('form[action$="/compte/deconnexion"] button')
    assert page.evaluate("async () => caches.keys()") == []
    assert page.evaluate("async () => (await navigator.serviceWorker.getRegistrations()).length") == 0
    desk.context.close()
