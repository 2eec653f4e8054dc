"""A file sent from a real browser: cut three times, paused, reloaded, resumed; read in the page; nothing is sent twice."""

import io
import re
from collections.abc import Iterator

import pytest
from PIL import Image
from playwright.sync_api import Browser, Page, Route, expect, sync_playwright

from tests.adapter import Adapter
from tests.adapters import nasty
from tests.cases.server import platform
from tests.chromium import PATIENCE_MS, launched
from tests.journeys.people import Person

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.either]
PIECE = 512 * 1024


@pytest.fixture(scope="module")
def site() -> Iterator[Adapter]:
    with platform() as url:
        adapter = Adapter(url)
        yield adapter
        adapter.close()


@pytest.fixture
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        opened = launched(playwright)
        yield opened
        opened.close()


def a_heavy_pdf(pieces: int = 7) -> bytes:
    """Return a PDF of more than ``pieces`` pieces."""
    return nasty.raw_pdf(b"% " + b"0123456789abcdef" * (PIECE // 16) * pieces, b"[]")


class Line:
    """The line between browser and server: counts the pieces, cuts the ones it is told to cut, and all from one on."""

    def __init__(self, page: Page, cuts: dict[int, str], dead_from: int | None = None) -> None:
        self.cuts, self.dead_from, self.sent, self.offsets = cuts, dead_from, 0, []
        page.route(re.compile(r"/envois/"), self.pass_on)

    def pass_on(self, route: Route) -> None:
        if route.request.method != "PATCH":
            route.continue_()
            return
        self.sent += 1
        is_dead = self.dead_from is not None and self.sent >= self.dead_from
        match "before" if is_dead else self.cuts.get(self.sent):
            case "before":
                route.abort("connectionreset")
            case "after":
                # The server has the piece; the answer is lost.
                route.fetch(timeout=PATIENCE_MS)
                route.abort("connectionreset")
            case "portal":
                # The server has the piece; a train's portal answers in its place.
                route.fetch(timeout=PATIENCE_MS)
                route.fulfill(status=200, content_type="text/html", body="<p>Bienvenue à bord</p>")
            case _:
                self.offsets.append(int(route.request.headers["upload-offset"]))
                route.continue_()


def test_an_upload_cut_three_times_is_there_once(site: Adapter, browser: Browser) -> None:
    world = site.seed("P1")
    found: dict[str, list[str]] = {}
    person = Person(browser, site, "Odile", found)
    person.sign_in(world["people"]["CO"]["email"], world["people"]["CO"]["password"])
    draft = world["candidacies"]["draft"]
    person.open(f"/candidatures/{draft}/rubriques/attachments")
    page, content = person.page, a_heavy_pdf()
    unread = [1]

    def read_again(route: Route) -> None:
        # The list is asked once more where it does not come.
        if route.request.resource_type == "fetch" and unread:
            unread.pop()
            route.abort("connectionreset")
        else:
            route.continue_()

    page.route(re.compile(r"/rubriques/attachments$"), read_again)
    line = Line(page, {2: "before", 4: "after", 5: "portal", 7: "before"})
    page.set_input_files(
        "#file-statutes", {"name": "Statuts été.pdf", "mimeType": "application/pdf", "buffer": content}
    )
    page.wait_for_selector("#files-statutes >> text=Statuts été.pdf")
    expect(page.locator("#uploads-statutes .file-row")).to_have_count(0, timeout=PATIENCE_MS)
    assert unread == []
    assert line.offsets == sorted(set(line.offsets)), "no piece is sent twice"
    assert len(line.offsets) == -(-len(content) // PIECE) - 2, (
        "the pieces whose answer was lost are not sent again"
    )
    assert page.locator("#files-statutes .file-row").count() == 1
    browser_of = site.session(world["people"]["CO"])
    key = re.search(r"/pieces/([\w-]{22})/lire", page.content().split('id="files-statutes"')[1])
    assert key is not None
    assert browser_of.file.get(draft, key.group(1)).content.startswith(b"%PDF-")
    assert person.outside == []
    person.context.close()


def test_an_upload_goes_on_after_the_page_was_closed(site: Adapter, browser: Browser) -> None:
    world = site.seed("P1")
    person = Person(browser, site, "Odile", {})
    person.sign_in(world["people"]["CO"]["email"], world["people"]["CO"]["password"])
    path = f"/candidatures/{world['candidacies']['draft']}/rubriques/attachments"
    person.open(path)
    page, content = person.page, a_heavy_pdf(5)
    # The line stays cut until the page is closed: the script tries again each second, and would end before a slow test.
    line = Line(page, {}, dead_from=3)
    page.set_input_files(
        "#file-accounts", {"name": "Exercice clos.pdf", "mimeType": "application/pdf", "buffer": content}
    )
    page.wait_for_selector("#uploads-accounts >> text=reprise automatique")
    # Its script ends here, with the line still cut: a page that closes slowly would find the line again.
    page.goto("about:blank")
    page.close()
    person.page = page = person.context.new_page()
    second = Line(page, {})
    person.open(path, look=False)
    page.wait_for_selector("#files-accounts >> text=Exercice clos.pdf")
    assert line.offsets == [0, PIECE]
    assert second.offsets == list(range(2 * PIECE, len(content), PIECE)), (
        "what was acknowledged is not sent again"
    )
    person.context.close()


def test_an_upload_whose_session_ended_goes_on_once_its_person_is_back(
    site: Adapter, browser: Browser
) -> None:
    world = site.seed("P1")
    person = Person(browser, site, "Odile", {})
    account = world["people"]["CO"]
    person.sign_in(account["email"], account["password"])
    person.open(f"/candidatures/{world['candidacies']['draft']}/rubriques/attachments", look=False)
    page = person.page
    person.context.clear_cookies()
    page.set_input_files(
        "#file-statutes", {"name": "Absence.pdf", "mimeType": "application/pdf", "buffer": a_heavy_pdf(2)}
    )
    line = page.locator("#uploads-statutes .file-row")
    expect(line).to_contain_text("Votre session a expiré", timeout=PATIENCE_MS)
    # Back in another tab: the page that waits has the form token of the session that ended.
    person.page = person.context.new_page()
    person.sign_in(account["email"], account["password"])
    expect(page.locator("#files-statutes")).to_contain_text("Absence.pdf", timeout=PATIENCE_MS)
    person.context.close()


def test_pause_cancel_and_refusals_leave_the_rest_alone(site: Adapter, browser: Browser) -> None:
    world = site.seed("P1")
    found: dict[str, list[str]] = {}
    person = Person(browser, site, "Odile", found)
    person.sign_in(world["people"]["CO"]["email"], world["people"]["CO"]["password"])
    person.open(f"/candidatures/{world['candidacies']['draft']}/rubriques/attachments")
    page = person.page
    heavy = a_heavy_pdf(6)
    line = person.context.new_cdp_session(page)
    line.send("Network.enable")
    slow = {"offline": False, "latency": 20, "downloadThroughput": -1, "uploadThroughput": 20_000}
    line.send("Network.emulateNetworkConditions", slow)
    page.set_input_files(
        "#file-statutes", {"name": "Lent.pdf", "mimeType": "application/pdf", "buffer": heavy}
    )
    page.get_by_role("button", name="Mettre en pause : Lent.pdf").click()
    page.wait_for_selector("#uploads-statutes >> text=en pause")
    found.clear()
    person.look()
    page.get_by_role("button", name="Reprendre : Lent.pdf").click()
    page.get_by_role("button", name="Annuler : Lent.pdf").click()
    assert page.locator("#uploads-statutes .file-row").count() == 0
    line.send("Network.emulateNetworkConditions", {**slow, "uploadThroughput": -1})
    photos = [
        {"name": f"{colour}.jpg", "mimeType": "image/jpeg", "buffer": nasty.a_picture(colour=colour)}
        for colour in ("teal", "olive")
    ]
    photos.insert(1, {"name": "faux.jpg", "mimeType": "image/jpeg", "buffer": b"<html>CANARI</html>"})
    page.set_input_files("#file-photos", photos)
    page.wait_for_selector("#files-photos >> text=olive.jpg")
    assert "format non accepté" in page.inner_text("#uploads-photos").lower().replace("\u00a0", " ")
    assert page.locator("#files-photos .file-row").count() == 3
    big = {"name": "gros.pdf", "mimeType": "application/pdf", "buffer": b"%PDF-" + b"0" * (10 * 1024 * 1024)}
    page.set_input_files("#file-statutes", big)
    page.wait_for_selector("#uploads-statutes >> text=trop volumineux")
    assert [problem for problems in found.values() for problem in problems] == []
    person.context.close()


def test_a_juror_reads_the_files_in_the_page(site: Adapter, browser: Browser) -> None:
    world = site.seed("P3")
    site.job.run("attachments.draw_waiting")
    found: dict[str, list[str]] = {}
    person = Person(browser, site, "Jules", found)
    person.sign_in(world["people"]["RJ"]["email"], world["people"]["RJ"]["password"])
    person.open(f"/jury/{world['seats']['RJ']}/candidatures/{world['candidacies']['main']}")
    page = person.page
    page.locator("details.reader summary").first.click()
    picture = page.locator(".reader-pages img").first
    picture.scroll_into_view_if_needed()
    page.wait_for_function("document.querySelector('.reader-pages img').naturalWidth > 0")
    shown = page.request.get(picture.get_attribute("src") or "")
    with Image.open(io.BytesIO(shown.body())) as image:
        assert (image.format, image.width) == ("WEBP", 640)
    assert [problem for problems in found.values() for problem in problems] == []
    assert person.outside == []
    person.context.close()
