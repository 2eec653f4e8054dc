"""What a candidate goes through in a browser, for the journeys and for the cases of the catalogue."""

from contextlib import suppress
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, Page, Playwright, TimeoutError

from tests.adapter import Adapter
from tests.journeys.filing_site import a_mortal_browser, open_section, sign_in, wait_for_state

# A hurried typist: ten signs a second.
SIGNS_A_SECOND = 10
LOST_SECONDS = 10


class World:
    """A seeded platform and what a journey asks of it."""

    def __init__(self, url: str) -> None:
        self.url = url
        self.platform = Adapter(url)
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
        sign_in(page, self.url, self.person)
        open_section(page, self.url, self.draft)
        return page


def appears(thing: Any) -> bool:
    """Say whether something comes to be seen: what was saved to the last sign that was kept is not offered again."""
    with suppress(TimeoutError):
        thing.wait_for(timeout=60_000)
    return bool(thing.is_visible())


def kill_the_browser(world: World, played: Playwright, profile: Path) -> None:
    """Kill the browser while somebody types, open it again: ten seconds of typing are lost at most."""
    typed = ""
    with a_mortal_browser(played, profile) as (context, kill):
        page = context.new_page()
        sign_in(page, world.url, world.person)
        open_section(page, world.url, world.draft)
        page.fill("#pitch", "")
        page.focus("#pitch")
        for number in range(18):
            words = f"mot{number:03d} "
            page.keyboard.type(words, delay=1000 / SIGNS_A_SECOND)
            typed += words
        kill()
    with a_mortal_browser(played, profile) as (context, _kill):
        page = context.new_page()
        sign_in(page, world.url, world.person)
        open_section(page, world.url, world.draft)
        # Read after the page: what was on its way at the kill has arrived.
        saved = world.value("pitch")
        offered = page.locator("[data-recovered-line], .recovered")
        if saved.strip() != typed.strip() and appears(offered.first):
            page.click(".recovered summary")
            kept = page.inner_text(".recovered [data-mine]")
            page.click(".recovered [data-restore]")
            wait_for_state(page, "enregistré à")
        else:
            kept = saved
    lost = len(typed.strip()) - len(kept.strip())
    assert typed.startswith(kept.strip()[:-1])
    assert lost <= LOST_SECONDS * SIGNS_A_SECOND
    assert world.value("pitch").strip() == kept.strip()


def be_offline_ten_minutes(world: World, browser: Browser) -> None:
    """Type for ten minutes without network: said meanwhile, saved afterwards, once each and in order."""
    page = world.page(browser)
    page.clock.install()
    sent: list[str] = []

    def note(response: Any) -> None:
        if response.url.endswith("/enregistrer") and response.status == 200:
            sent.append(response.request.post_data_json["field"])

    page.on("response", note)
    page.context.set_offline(True)
    page.wait_for_function("!navigator.onLine")
    texts = dict.fromkeys(("title", "pitch", "area"), "")
    for minute in range(10):
        name = list(texts)[minute % 3]
        texts[name] += f" {name} à la minute {minute}"
        page.fill(f"#{name}", texts[name].strip())
        page.clock.run_for(60_000)
    wait_for_state(page, "hors ligne : 3 réponses en attente")
    assert sent == []
    page.context.set_offline(False)
    # Not run forward: an answer slower than the pace of the test would be given up, rightly, and asked again.
    page.clock.resume()
    wait_for_state(page, "enregistré à")
    # What was answered too late for the page is sent again under its key: in the same order, and written once.
    assert list(dict.fromkeys(sent)) == list(texts)
    assert {name: world.value(name) for name in texts} == {name: text.strip() for name, text in texts.items()}
    page.context.close()


def stay_idle(world: World, browser: Browser) -> None:
    """Do nothing until the session is about to end: warned two minutes before at least, and stays by one key."""
    page = world.page(browser)
    ask = "fetch('/compte/session').then((answer) => answer.json())"
    # The world's people sign in on 10 June at 9:00 UTC, for fourteen days.
    world.platform.clock.set("2026-06-24T08:56:30+00:00")
    left = page.evaluate(ask)["seconds"]
    assert left == 210
    open_section(page, world.url, world.draft)
    dialog = page.locator("[data-session-warning]")
    dialog.wait_for(state="visible")
    assert left >= 120
    page.keyboard.press("Enter")
    dialog.wait_for(state="hidden")
    assert page.evaluate(ask)["seconds"] == 14 * 24 * 3600
    page.context.close()
