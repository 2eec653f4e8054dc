"""A juror on a phone with a keyboard and a network that comes and goes: every mark is there, exactly once."""

import json
import sqlite3
from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, sync_playwright

from tests.chromium import launched
from tests.journeys.accessibility import problems_of_page
from tests.journeys.filing_site import Site, wait_for_state
from tests.journeys.juror_desk import KEPT, MOVED, WAITING, Desk
from tests.journeys.juror_site import RECUSED, a_jury_site

pytestmark = pytest.mark.browser
CRITERIA = 7


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with sync_playwright() as played:
        opened = launched(played)
        yield opened
        opened.close()


@pytest.fixture
def laid() -> Iterator[tuple[Site, dict[str, Any]]]:
    with a_jury_site() as found:
        yield found


@pytest.fixture(scope="module")
def only_read() -> Iterator[tuple[Site, dict[str, Any]]]:
    """A site for those who change nothing of it."""
    with a_jury_site() as found:
        yield found


def rows(site: Site, statement: str) -> list[Any]:
    with sqlite3.connect(site.folder / "awards.sqlite3", timeout=120) as database:
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
        # A key pressed before the script is at work moves nothing.
        desk.settle()
        page.keyboard.press("ArrowLeft")
        desk.until(MOVED, before)
    desk.settle()
    given = {}
    levels = ["1231231", "2312312", "3123123", "1112223", "3332221", "2221113", "1313131", "2323232"]
    for number, word in enumerate(levels):
        if number == 2:
            # An answer of the former file may still be on its way.
            desk.wait_until_sent()
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


def test_what_is_kept_is_what_was_opened_and_goes_at_sign_out(browser: Browser, only_read: Any) -> None:
    site, world = only_read
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
    desk.until("async () => (await caches.keys()).length === 0")
    desk.until("async () => (await navigator.serviceWorker.getRegistrations()).length === 0")
    desk.context.close()


def change(site: Site, statement: str, *values: Any) -> None:
    with sqlite3.connect(site.folder / "awards.sqlite3", timeout=120) as database:
        assert database.execute(statement, values).rowcount == 1


def test_what_changed_meanwhile_is_shown_with_both_and_what_was_locked_is_given_back(
    browser: Browser, laid: Any
) -> None:
    site, world = laid
    desk = Desk(browser, site, world)
    page = desk.page
    desk.enter()
    address = f"{site.url}/jury/{desk.seat}/candidatures/"
    for name in ("02", "01"):
        page.goto(address + world["files"][name] + "#grid")
        desk.settle()
    desk.context.set_offline(True)
    page.focus("#mark-need-2")
    page.keyboard.press("3")
    page.fill("#mark-need-reason", "Vu sans réseau")
    wait_for_state(page, "hors ligne : 2 réponses en attente")
    other = Desk(browser, site, world)
    other.enter()
    other.page.goto(address + world["files"]["01"] + "#grid")
    other.page.focus("#mark-need-2")
    other.page.keyboard.press("1")
    wait_for_state(other.page, "enregistré à")
    other.context.close()
    page.goto(address + world["files"]["02"] + "#grid")
    page.fill("#private_note", "Un texte écrit dans le train")
    wait_for_state(page, "hors ligne : 3 réponses en attente")
    desk.context.set_offline(False)
    panel = page.locator("[data-queue-panel]")
    panel.wait_for()
    assert "Structure 01" in panel.inner_text()
    panel.locator("[data-open]").first.click()
    box = page.locator(".alert.warning:has-text('Garder')").first
    box.wait_for()
    box.get_by_role("button", name="Garder").click()
    desk.wait_until_sent()
    need = rows(
        site,
        "SELECT mark.level, mark.reason FROM mark JOIN criterion ON criterion.id = criterion_id WHERE code = 'need'",
    )
    assert need == [(3, "Vu sans réseau")]
    page.goto(address + world["files"]["02"] + "#grid")
    desk.settle()
    desk.context.set_offline(True)
    page.fill("#shared_comment", "Un commentaire écrit trop tard")
    wait_for_state(page, "hors ligne : 1 réponse en attente")
    change(site, "UPDATE round SET phase = 'P4' WHERE key = ?", world["round"])
    desk.context.set_offline(False)
    wait_for_state(page, "non enregistré")
    assert page.input_value("#shared_comment") == "Un commentaire écrit trop tard"
    page.goto(f"{site.url}/jury/{desk.seat}")
    panel.wait_for()
    assert "Un commentaire écrit trop tard" in panel.inner_text()
    desk.until(f"async () => !(await ({KEPT})()).some((path) => path.includes('/candidatures/'))")
    desk.context.close()


def test_a_recusal_and_another_account_take_away_what_was_kept(browser: Browser, laid: Any) -> None:
    site, world = laid
    desk = Desk(browser, site, world)
    page = desk.page
    desk.enter()
    files = [f"/jury/{desk.seat}/candidatures/{world['files'][name]}" for name in ("01", "02")]
    for path in files:
        page.goto(site.url + path + "#grid")
        desk.settle()
    desk.context.set_offline(True)
    page.fill("#private_note", "Ce que je sais de Structure 02")
    wait_for_state(page, "hors ligne : 1 réponse en attente")
    change(
        site,
        "UPDATE interest SET verdict = 'recused', reason = 'lien' WHERE candidacy_id ="
        " (SELECT id FROM candidacy WHERE key = ?) AND seat_id = (SELECT id FROM seat WHERE key = ?)",
        world["files"]["02"],
        desk.seat,
    )
    desk.context.set_offline(False)
    page.goto(f"{site.url}/jury/{desk.seat}")
    desk.until(f"async () => !(await ({KEPT})()).includes('{files[1]}')")
    assert files[0] in page.evaluate(KEPT)
    desk.until(f"async () => (await ({WAITING})()).length === 0")
    page.context.clear_cookies()
    paul = Desk(browser, site, world, "Paul", page=page)
    paul.enter()
    kept = [path for path in page.evaluate(KEPT) if path.startswith("/jury/") and path != "/jury/hors-ligne"]
    assert kept == [f"/jury/{paul.seat}"]
    desk.context.close()


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [390, 1280])
def test_the_pages_of_a_juror_are_accessible(
    browser: Browser, only_read: Any, scheme: Any, width: int
) -> None:
    site, world = only_read
    desk = Desk(browser, site, world, color_scheme=scheme)
    desk.page.set_viewport_size({"width": width, "height": 900})
    desk.enter()
    file = f"/candidatures/{world['files']['01']}"
    found = {}
    for path in ("", "/charte", "/liens", file, f"{file}#grid", "/mes-notes"):
        desk.page.goto(f"{site.url}/jury/{desk.seat}{path}")
        found[path] = problems_of_page(desk.page)
    desk.page.goto(f"{site.url}/jury/hors-ligne")
    found["/hors-ligne"] = problems_of_page(desk.page)
    desk.context.close()
    assert {path: problems for path, problems in found.items() if problems} == {}
