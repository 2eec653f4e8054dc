"""Every page that each role of the demonstration reaches by links: what axe-core finds, at both widths, in both themes."""

import os
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, sync_playwright

from tests.chromium import launched
from tests.journeys.accessibility import look_closely
from tests.journeys.demo_site import a_demonstration
from tests.journeys.filing_site import Site
from tests.journeys.pages import Found, enter, reached

pytestmark = [pytest.mark.browser, pytest.mark.slow]
# The order says who looks first at a page that several see: the chair sees more of a jury than a juror.
ROLES = (
    "structure",
    "chair",
    "jury",
    "coordinator",
    "national",
    "national_chair",
    "national_juror",
    "auditor",
    "",
)
ONLY = os.environ.get("AWARDS_TEST_PAGES", "")


@pytest.fixture(scope="module")
def site() -> Iterator[Site]:
    with a_demonstration() as started:
        yield started


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with sync_playwright() as played:
        opened = launched(played)
        yield opened
        opened.close()


def test_no_page_has_a_finding(site: Site, browser: Browser) -> None:
    seen: set[str] = set()
    problems: dict[str, list[str]] = {}
    broken: list[str] = []
    for role in ROLES:
        client, start = enter(site.url, role)
        pages, dead = reached(client, role, start)
        broken += dead
        context = browser.new_context(base_url=site.url, locale="fr-FR", reduced_motion="reduce")
        context.add_cookies(
            [{"name": one.name, "value": one.value or "", "url": site.url} for one in client.cookies.jar]
        )
        page = context.new_page()
        for found in pages:
            if found.shape not in seen and ONLY in found.shape:
                seen.add(found.shape)
                problems |= looked_at(page, found)
        context.close()
        client.close()

    assert problems == {}
    assert broken == []
    assert len(seen) > 80 or ONLY


def looked_at(page: Page, found: Found) -> dict[str, list[str]]:
    """Open a page and return what is wrong with it, under its role and its address."""
    answer = page.goto(found.address)
    assert answer is not None
    assert answer.status == 200, found
    problems = look_closely(page)
    return {f"{found.role} {found.address}": problems} if problems else {}


def test_a_form_sent_back_has_the_summary_of_its_errors_in_focus(site: Site, browser: Browser) -> None:
    context = browser.new_context(base_url=site.url, locale="fr-FR", reduced_motion="reduce")
    page = context.new_page()
    page.goto("/compte/inscription")
    form = page.locator('main form[method="post"]')
    form.evaluate("one => { one.noValidate = true; }")
    with page.expect_navigation() as moved:
        form.evaluate("one => one.submit()")

    assert moved.value.status == 422
    assert page.evaluate("document.activeElement.id") == "error-summary"
    assert look_closely(page) == []
    context.close()
