"""Every public page in a browser: nothing for axe, under 100 kB without photos, nothing moves, read without style or script."""

from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

from tests.chromium import launched
from tests.journeys.accessibility import look_closely
from tests.journeys.filing_site import Site
from tests.journeys.public_site import PAGES, a_public_site

pytestmark = [pytest.mark.browser, pytest.mark.slow]
MOST_BYTES = 100_000
SHIFTS = """
window.shifts = 0;
new PerformanceObserver(list => { for (const one of list.getEntries()) window.shifts += one.value; })
  .observe({type: 'layout-shift', buffered: true});
"""


@pytest.fixture(scope="module")
def site() -> Iterator[Site]:
    with a_public_site() as started:
        yield started


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with sync_playwright() as played:
        opened = launched(played)
        yield opened
        opened.close()


def a_visitor(browser: Browser, site: Site, **more: Any) -> BrowserContext:
    return browser.new_context(base_url=site.url, locale="fr-FR", **more)


def weighed(context: BrowserContext, page: Page, path: str) -> int:
    """Open a page for the first time; return the bytes that came over the line, photos left out."""
    line = context.new_cdp_session(page)
    line.send("Network.enable")
    addresses: dict[str, str] = {}
    sizes: dict[str, float] = {}
    line.on(
        "Network.responseReceived", lambda one: addresses.update({one["requestId"]: one["response"]["url"]})
    )
    line.on("Network.loadingFinished", lambda one: sizes.update({one["requestId"]: one["encodedDataLength"]}))
    answer = page.goto(path, wait_until="networkidle")
    assert answer is not None
    assert answer.status == 200, path
    # A browser in a hurry may ask twice for a face that it was told to load early: an address counts once.
    weights = {addresses.get(key, ""): size for key, size in sizes.items()}
    return int(sum(size for address, size in weights.items() if "/photo/" not in address))


def test_each_page_is_light_and_still_and_breaks_no_policy(site: Site, browser: Browser) -> None:
    heavy, moving, refused = {}, {}, []
    for path in PAGES:
        context = a_visitor(browser, site, viewport={"width": 1280, "height": 900})
        page = context.new_page()
        page.on("console", lambda said: refused.append(said.text) if said.type == "error" else None)
        page.add_init_script(SHIFTS)
        size = weighed(context, page, path)
        if size >= MOST_BYTES:
            heavy[path] = size
        shifts = page.evaluate("window.shifts")
        if shifts:
            moving[path] = shifts
        context.close()

    assert heavy == {}
    assert moving == {}
    assert refused == []


def test_a_slow_face_brings_no_other_face_in(site: Site, browser: Browser) -> None:
    context = a_visitor(browser, site, reduced_motion="reduce")
    page = context.new_page()
    asked: dict[str, list[str]] = {}
    page.on("request", lambda one: asked[path].append(one.url) if one.url.endswith(".woff2") else None)
    # Long past the tenth of a second after which a browser sets the text in its own face.
    page.route("**/faces/*.woff2", lambda route: (page.wait_for_timeout(400), route.continue_()))
    for path in PAGES:
        asked[path] = []
        page.goto(path, wait_until="networkidle")
    context.close()

    others = {path: [face for face in faces if "/faces/" not in face] for path, faces in asked.items()}
    assert {path: faces for path, faces in others.items() if faces} == {}
    assert any(asked.values())


def test_axe_finds_nothing_at_both_widths_in_both_themes(site: Site, browser: Browser) -> None:
    context = a_visitor(browser, site, reduced_motion="reduce")
    page = context.new_page()
    problems = {}
    for path in PAGES:
        page.goto(path)
        found = look_closely(page)
        if found:
            problems[path] = found
    context.close()

    assert problems == {}


def test_each_page_is_read_without_style_and_without_script(site: Site, browser: Browser) -> None:
    context = a_visitor(browser, site, java_script_enabled=False)
    page = context.new_page()
    page.route("**/*.css*", lambda route: route.abort())
    for path in PAGES:
        page.goto(path)
        assert page.locator("h1").count() == 1, path
        assert page.locator("main").inner_text().strip(), path
    page.goto("/palmares")
    page.get_by_label("Nom de la structure").fill("optim")
    page.get_by_role("button", name="Filtrer").click()
    assert page.get_by_role("link", name="Optim’ism").count() == 1
    page.goto("/palmares/carte")
    page.get_by_role("link", name="Corse", exact=True).click()
    assert "region=corse" in page.url
    context.close()
