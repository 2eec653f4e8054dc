"""D, E and M, the cases that only a browser shows; the steps are in `tests/journeys/filing_steps.py`."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from tests.cases.context import Context, NotApplicable, case
from tests.chromium import find_chromium, launched


@contextmanager
def playing() -> Iterator[tuple[Any, Any]]:
    """Give Playwright and a Chromium; the case is not applicable where there is none."""
    if find_chromium() is None:
        raise NotApplicable("Chromium is not on this machine")
    from playwright.sync_api import sync_playwright

    with sync_playwright() as played:
        browser = launched(played)
        yield played, browser
        browser.close()


@case("E12", in_browser=True)
def browser_killed(c: Context) -> None:
    """The draft is typed in while the browser is killed; what had been uploaded is still there."""
    from tests.journeys.filing_steps import World, kill_the_browser

    with playing() as (played, _browser), TemporaryDirectory() as profile:
        world = World(c.base_url)
        kill_the_browser(world, played, Path(profile))
        person = c.platform.session(world.person)
        assert "photos" in person.draft.section(world.draft, "attachments").text
        person.close()


@case("E14", in_browser=True)
def ten_minutes_offline(c: Context) -> None:
    from tests.journeys.filing_steps import World, be_offline_ten_minutes

    with playing() as (_played, browser):
        be_offline_ten_minutes(World(c.base_url), browser)


@case("M3", in_browser=True)
def idle_session(c: Context) -> None:
    from tests.journeys.filing_steps import World, stay_idle

    with playing() as (_played, browser):
        stay_idle(World(c.base_url), browser)
    c.platform.clock.set(None)
