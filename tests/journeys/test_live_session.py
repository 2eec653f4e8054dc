"""A session followed in a second browser: it goes where the chair goes, and says when it no longer can."""

from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect, sync_playwright

from tests.chromium import PATIENCE_MS, launched
from tests.journeys.filing_site import Site, sign_in
from tests.journeys.juror_site import a_jury_site
from tests.journeys.session_site import PASSWORD

pytestmark = pytest.mark.browser


@pytest.fixture
def browser() -> Iterator[Browser]:
    with sync_playwright() as played:
        opened = launched(played)
        yield opened
        opened.close()


def seated(browser: Browser, site: Site, laid: dict[str, Any], name: str) -> Page:
    """Sign a member in, on the page of the session."""
    # What the worker of the jury asks would not pass by the route below.
    page = browser.new_context(locale="fr-FR", service_workers="block").new_page()
    page.set_default_timeout(PATIENCE_MS)
    sign_in(page, site.url, {"email": laid["people"][name], "password": PASSWORD})
    page.goto(f"{site.url}/jury/{laid['seats'][name]}/seance")
    return page


def test_a_follower_goes_where_the_chair_goes_and_is_told_of_a_lost_network(browser: Browser) -> None:
    with a_jury_site("tests.journeys.session_site") as (site, laid):
        member = seated(browser, site, laid, "J3")
        chair = seated(browser, site, laid, "J1")
        expect(member.locator("[data-live]")).to_contain_text("Aucun dossier", timeout=PATIENCE_MS)

        chair.get_by_role("button", name="Passer à").click()
        name = chair.locator("[data-live] h2").inner_text()
        expect(member.locator("[data-live] h2")).to_have_text(name, timeout=PATIENCE_MS)
        discussed = member.locator("[data-live-part=order] tr").filter(has_text="en discussion")
        expect(discussed.locator("th")).to_contain_text(name, timeout=PATIENCE_MS)

        told = member.locator("[data-live-status] .alert")
        member.context.set_offline(True)
        expect(told).to_have_count(1, timeout=PATIENCE_MS)
        portal = "<p>Bienvenue à bord</p>"
        member.route("**/seance/*", lambda route: route.fulfill(content_type="text/html", body=portal))
        with member.expect_response("**/seance/*"):
            member.context.set_offline(False)
        expect(told).to_contain_text("Connexion perdue", timeout=PATIENCE_MS)
        member.unroute_all()
        member.evaluate("window.dispatchEvent(new Event('online'))")
        expect(told).to_have_count(0, timeout=PATIENCE_MS)
