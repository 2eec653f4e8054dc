"""What a candidate types is never lost: a killed browser, two tabs, no network, an ended session, a server started again."""

import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, Playwright, sync_playwright

from tests.adapter import Adapter
from tests.chromium import ARGUMENTS, find_chromium
from tests.journeys.filing_site import (
    Site,
    a_mortal_browser,
    a_site,
    open_section,
    sign_in,
    state,
    wait_for_state,
)

pytestmark = pytest.mark.browser
# A hurried typist: ten signs a second.
SIGNS_A_SECOND = 10
LOST_SECONDS = 10


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
    opened = played.chromium.launch(executable_path=find_chromium(), args=list(ARGUMENTS))
    yield opened
    opened.close()


class World:
    """A seeded platform and what a journey asks of it."""

    def __init__(self, site: Site) -> None:
        self.site = site
        self.platform = Adapter(site.url)
        self.world: dict[str, Any] = self.platform.seed("P1")
        self.draft = str(self.world["candidacies"]["draft"])
        self.person = self.world["people"]["CM"]

    def value(self, field: str, section: str = "project") -> str:
        """Return the saved text of a field, as a fresh page shows it."""
        other = self.platform.session(self.world["people"]["CO"])
        page = other.draft.section(self.draft, section).text
        other.close()
        part = page.split(f'name="{field}"')[1]
        if page.split(f'name="{field}"')[0].rsplit("<", 1)[1].startswith("textarea"):
            return part.split(">", 1)[1].split("</textarea>")[0].lstrip("\r\n")
        head = page.split(f'name="{field}"')[0].rsplit("<", 1)[1]
        return (head + part.split(">")[0]).split('value="')[1].split('"')[0]

    def page(self, browser: Browser, **options: Any) -> Page:
        """Return a signed-in page on the section of the project."""
        context = browser.new_context(locale="fr-FR", **options)
        page = context.new_page()
        page.on("dialog", lambda dialog: dialog.accept())
        sign_in(page, self.site.url, self.person)
        open_section(page, self.site.url, self.draft)
        return page


@pytest.fixture
def world(site: Site) -> Iterator[World]:
    made = World(site)
    yield made
    made.platform.clock.set(None)
    made.platform.close()


def test_a_browser_killed_while_typing_loses_ten_seconds_at_most(
    world: World, played: Playwright, tmp_path: Path
) -> None:
    typed = ""
    with a_mortal_browser(played, tmp_path) as (context, kill):
        page = context.new_page()
        sign_in(page, world.site.url, world.person)
        open_section(page, world.site.url, world.draft)
        page.fill("#pitch", "")
        page.focus("#pitch")
        for number in range(14):
            words = f"mot{number:03d} "
            page.keyboard.type(words, delay=1000 / SIGNS_A_SECOND)
            typed += words
        kill()
    saved = world.value("pitch")
    with a_mortal_browser(played, tmp_path) as (context, _kill):
        page = context.new_page()
        sign_in(page, world.site.url, world.person)
        open_section(page, world.site.url, world.draft)
        offered = page.locator("[data-recovered-line], .recovered")
        if saved.strip() != typed.strip():
            offered.first.wait_for()
            page.click(".recovered summary")
            kept = page.inner_text(".recovered [data-mine]")
            page.click(".recovered [data-restore]")
            wait_for_state(page, "enregistré à")
        else:
            kept = saved
    lost = len(typed.strip()) - len(kept.strip())
    print(f"typed {len(typed)} signs, {lost} lost, {len(typed) - len(saved)} of them only in the browser")
    assert typed.startswith(kept.strip()[:-1])
    assert lost <= LOST_SECONDS * SIGNS_A_SECOND
    assert world.value("pitch").strip() == kept.strip()


def test_two_tabs_show_both_texts_and_keep_the_other(world: World, browser: Browser) -> None:
    first = world.page(browser)
    second = first.context.new_page()
    open_section(second, world.site.url, world.draft)
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
    second.goto(f"{world.site.url}/candidatures/{world.draft}/historique/area")
    assert "Texte du premier onglet" in second.inner_text("main")
    first.context.close()


def test_ten_minutes_without_network_are_saved_once_and_in_order(world: World, browser: Browser) -> None:
    page = world.page(browser)
    page.clock.install()
    sent: list[str] = []

    def note(response: Any) -> None:
        if response.url.endswith("/enregistrer") and response.status == 200:
            sent.append(response.request.post_data_json["field"])

    page.on("response", note)
    page.context.set_offline(True)
    texts = dict.fromkeys(("title", "pitch", "area"), "")
    for minute in range(10):
        name = list(texts)[minute % 3]
        texts[name] += f" {name} à la minute {minute}"
        page.fill(f"#{name}", texts[name].strip())
        page.clock.run_for(60_000)
    wait_for_state(page, "hors ligne : 3 réponses en attente")
    assert sent == []
    page.context.set_offline(False)
    page.clock.run_for(40_000)
    wait_for_state(page, "enregistré à")
    assert sent == list(texts)
    assert {name: world.value(name) for name in texts} == {name: text.strip() for name, text in texts.items()}
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
    sign_in(page, world.site.url, world.person, go=False)
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
    sign_in(opened.value, world.site.url, world.person, go=False)
    wait_for_state(page, "enregistré à")
    assert world.value("area") == "Attend dans le premier onglet"
    page.context.close()


def test_a_server_started_again_loses_nothing(world: World, browser: Browser) -> None:
    page = world.page(browser)
    page.focus("#pitch")
    page.fill("#pitch", "")
    for number in range(3):
        page.keyboard.type(f"avant{number} ", delay=60)
    world.site.kill()
    for number in range(3):
        page.keyboard.type(f"pendant{number} ", delay=60)
    wait_for_state(page, "hors ligne : 1 réponse en attente")
    world.site.start()
    wait_for_state(page, "enregistré à", 60)
    assert world.value("pitch").strip() == "avant0 avant1 avant2 pendant0 pendant1 pendant2"
    page.context.close()


def test_an_idle_person_is_warned_and_stays_by_one_key(world: World, browser: Browser) -> None:
    page = world.page(browser)
    ask = "fetch('/compte/session').then((answer) => answer.json())"
    # The world's people sign in on 10 June at 9:00 UTC, for fourteen days.
    world.platform.clock.set("2026-06-24T08:56:30+00:00")
    left = page.evaluate(ask)["seconds"]
    assert left == 210
    open_section(page, world.site.url, world.draft)
    dialog = page.locator("[data-session-warning]")
    dialog.wait_for(state="visible")
    assert left >= 120
    page.keyboard.press("Enter")
    dialog.wait_for(state="hidden")
    assert page.evaluate(ask)["seconds"] == 14 * 24 * 3600
    page.context.close()


def test_what_waits_goes_at_sign_out_and_is_never_another_accounts(world: World, browser: Browser) -> None:
    page = world.page(browser)
    page.route("**/enregistrer", lambda route: route.abort())
    page.fill("#area", "CANARI de la personne qui part")
    page.press("#area", "Tab")
    wait_for_state(page, "hors ligne")
    page.context.clear_cookies()
    sign_in(page, world.site.url, world.world["people"]["CO"])
    open_section(page, world.site.url, world.draft)
    time.sleep(0.5)
    assert page.locator(".recovered").count() == 0
    assert "CANARI" not in page.content()
    page.context.clear_cookies()
    sign_in(page, world.site.url, world.person)
    open_section(page, world.site.url, world.draft)
    page.locator(".recovered").wait_for()
    assert state(page)
    page.goto(f"{world.site.url}/compte")
    with page.expect_navigation():
        page.locator('form[action$="/compte/deconnexion"] button').first.click()
    sign_in(page, world.site.url, world.person)
    open_section(page, world.site.url, world.draft)
    time.sleep(0.5)
    assert page.locator(".recovered").count() == 0
    page.context.close()
