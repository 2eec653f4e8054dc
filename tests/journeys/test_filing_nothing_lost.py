"""What a candidate types is never lost: two tabs, an ended session, a server started again.

A killed browser, ten minutes without network and an idle session are cases of the catalogue: E12, E14 and M3.
"""

import time
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Playwright, Route, sync_playwright

from tests.chromium import PATIENCE_MS, launched
from tests.journeys.filing_site import Site, a_site, open_section, sign_in, state, wait_for_state
from tests.journeys.filing_steps import World

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def site() -> Iterator[Site]:
    with a_site() as started:
        yield started


@pytest.fixture(scope="module")
def played() -> Iterator[Playwright]:
    with sync_playwright() as playwright:
        yield playwright


@pytest.fixture(scope="module")
def browser(played: Playwright) -> Iterator[Browser]:
    opened = launched(played)
    yield opened
    opened.close()


@pytest.fixture
def world(site: Site) -> Iterator[World]:
    made = World(site.url)
    yield made
    made.platform.clock.set(None)
    made.platform.close()


def test_two_tabs_show_both_texts_and_keep_the_other(world: World, browser: Browser) -> None:
    first = world.page(browser)
    second = first.context.new_page()
    open_section(second, world.url, world.draft)
    first.fill("#area", "Texte du premier onglet")
    first.press("#area", "Tab")
    wait_for_state(first, "enregistré à")
    second.fill("#area", "Texte du second onglet")
    second.press("#area", "Tab")
    box = second.locator("#area-conflict")
    box.wait_for()
    said = " ".join(box.inner_text().split())
    assert "modifiée entre-temps" in said
    assert "Texte du premier onglet" in said
    assert "Texte du second onglet" in said
    assert world.value("area") == "Texte du premier onglet"
    box.get_by_role("button", name="Garder mon texte").click()
    wait_for_state(second, "enregistré à")
    assert world.value("area") == "Texte du second onglet"
    second.goto(f"{world.url}/candidatures/{world.draft}/historique/area")
    assert "Texte du premier onglet" in second.inner_text("main")
    first.context.close()


# What a hand that aims at the middle of each link and button of a card would not press.
COVERED = """() => [...document.querySelectorAll("main .card :is(a, button)")].filter((one) => {
  one.scrollIntoView({ block: "center" });
  const box = one.getBoundingClientRect();
  return !one.contains(document.elementFromPoint(box.x + box.width / 2, box.y + box.height / 2));
}).map((one) => one.textContent.trim())"""


def test_what_a_card_holds_is_pressed_and_not_the_card(world: World, browser: Browser) -> None:
    page = world.page(browser)
    page.goto(f"{world.url}/structure")
    assert page.get_by_role("link", name="Préparer une candidature").count() == 1
    assert page.evaluate(COVERED) == []
    page.context.close()


def test_an_ended_session_gives_back_the_field_and_saves_what_waited(world: World, browser: Browser) -> None:
    page = world.page(browser)
    page.fill("#area", "Avant la fin de la session")
    page.press("#area", "Tab")
    wait_for_state(page, "enregistré à")
    world.platform.clock.set("2026-06-29T09:00:00+00:00")
    page.focus("#area")
    page.fill("#area", "Tapé après la fin de la session")
    wait_for_state(page, "reconnectez-vous")
    page.get_by_role("link", name="Me reconnecter ici").click()
    page.wait_for_url("**/compte/connexion**")
    sign_in(page, world.url, world.person, go=False)
    assert page.url.endswith("/rubriques/project#area")
    wait_for_state(page, "enregistré à")
    assert page.evaluate("document.activeElement.id") == "area"
    assert world.value("area") == "Tapé après la fin de la session"
    page.context.close()


def test_signing_in_in_another_tab_saves_what_waited_here(world: World, browser: Browser) -> None:
    page = world.page(browser)
    world.platform.clock.set("2026-06-29T09:00:00+00:00")
    page.fill("#area", "Attend dans le premier onglet")
    wait_for_state(page, "reconnectez-vous")
    with page.context.expect_page() as opened:
        page.get_by_role("link", name="Me reconnecter dans un autre onglet").click()
    sign_in(opened.value, world.url, world.person, go=False)
    wait_for_state(page, "enregistré à")
    assert world.value("area") == "Attend dans le premier onglet"
    page.context.close()


def test_an_answer_that_is_not_the_servers_is_asked_again(world: World, browser: Browser) -> None:
    page = world.page(browser)
    portals = [1]

    def pass_on(route: Route) -> None:
        if not portals:
            route.continue_()
            return
        # The server has the text; a train's portal answers in its place.
        portals.pop()
        route.fetch(timeout=PATIENCE_MS)
        route.fulfill(status=200, content_type="text/html", body="<p>Bienvenue à bord</p>")

    page.route("**/enregistrer", pass_on)
    page.fill("#area", "Tapé derrière un portail")
    page.press("#area", "Tab")
    wait_for_state(page, "enregistré à")
    assert portals == []
    with page.expect_response("**/enregistrer") as answered:
        page.fill("#area", "Tapé derrière un portail, puis repris")
        page.press("#area", "Tab")
    assert answered.value.status == 200
    assert world.value("area") == "Tapé derrière un portail, puis repris"
    assert not page.locator("#area-conflict").count()
    page.context.close()


def test_a_server_started_again_loses_nothing(site: Site, world: World, browser: Browser) -> None:
    page = world.page(browser)
    page.focus("#pitch")
    page.fill("#pitch", "")
    for number in range(3):
        page.keyboard.type(f"avant{number} ", delay=60)
    site.kill()
    for number in range(3):
        page.keyboard.type(f"pendant{number} ", delay=60)
    wait_for_state(page, "hors ligne : 1 réponse en attente")
    site.start()
    wait_for_state(page, "enregistré à")
    assert world.value("pitch").strip() == "avant0 avant1 avant2 pendant0 pendant1 pendant2"
    page.context.close()


def test_what_waits_goes_at_sign_out_and_is_never_another_accounts(world: World, browser: Browser) -> None:
    page = world.page(browser)
    page.route("**/enregistrer", lambda route: route.abort())
    page.fill("#area", "CANARI de la personne qui part")
    page.press("#area", "Tab")
    wait_for_state(page, "hors ligne")
    page.context.clear_cookies()
    sign_in(page, world.url, world.world["people"]["CO"])
    open_section(page, world.url, world.draft)
    time.sleep(0.5)
    assert page.locator(".recovered").count() == 0
    assert "CANARI" not in page.content()
    page.context.clear_cookies()
    sign_in(page, world.url, world.person)
    open_section(page, world.url, world.draft)
    page.locator(".recovered").wait_for()
    assert state(page)
    page.goto(f"{world.url}/compte")
    with page.expect_navigation():
        page.locator('form[action$="/compte/deconnexion"] button').first.click()
    sign_in(page, world.url, world.person)
    open_section(page, world.url, world.draft)
    time.sleep(0.5)
    assert page.locator(".recovered").count() == 0
    page.context.close()
