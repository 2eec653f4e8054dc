"""The questions of the form in a real browser: counters to the sign, questions that unfold, tables, a form that changes."""

import json
import unicodedata
from collections.abc import Iterator
from itertools import pairwise
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, sync_playwright

from awards_app.domain.form_answers import kept_value
from awards_app.domain.text import count_signs
from tests.adapter import Adapter
from tests.chromium import launched
from tests.journeys.accessibility import problems_of_page
from tests.journeys.filing_site import Site, a_site, open_section, sign_in, wait_for_state

pytestmark = pytest.mark.browser
NASTY = (
    "",
    "Étoile",
    unicodedata.normalize("NFD", "Étoilé à Œuvré ç ñ Ệ"),
    "a\u0301\u0323 puis a\u0323\u0301",
    "👩‍👩‍👧‍👦 👨🏽‍🚒 🏴󠁧󠁢󠁥󠁮󠁧󠁿 🇫🇷 ✊🏿 ☝︎ 1️⃣",
    "Hangul 한글 ᄒ\u1161\u11ab, ﬁn, ｱﾟ, Å Ω K",
    "fin de ligne\r\nWindows\rMac\nUnix\n\r\n",
    "espaces\u00a0insécables\u202ffines \u2009 \u3000 et  doubles   ",
    "mot\u00adinsé\u00adcable coupé\u200bzéro\ufeffmarque\u2060jointe",
    "\u202egauche\u202c \u2066isolé\u2069 \u200fdroite\u200e \u061carabe",
    "שלום عليكم नमस्ते ไทย กำ",
    "tabulation\tet\u000bverticale\u000cpage\u0001\u0007\u007f\u0085\u009fcontrôles",
    "lignes\u2028séparées\u2029paragraphes",
    "\u0300 seul, e\u0001\u0301 séparé, e\u034f\u0301 joint",
    "𝒜𝓁𝒾𝒸𝑒 𠮷野家 🌱" * 50,
    "  bords  ",
    "“Word” – tirets — points… ’ « guillemets\u00a0»",
)


@pytest.fixture(scope="module")
def site() -> Iterator[Site]:
    with a_site() as started:
        yield started


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with sync_playwright() as played:
        opened = launched(played)
        yield opened
        opened.close()


@pytest.fixture
def world(site: Site) -> Iterator[tuple[Adapter, dict[str, Any]]]:
    platform = Adapter(site.url)
    yield platform, platform.seed("P1")
    platform.close()


def page_of(browser: Browser, site: Site, person: dict[str, str], **options: Any) -> Page:
    page = browser.new_context(locale="fr-FR", **options).new_page()
    page.on("dialog", lambda dialog: dialog.accept())
    sign_in(page, site.url, person)
    return page


COUNT = """async (texts) => {
  const { countField } = await import("/static/js/counters.js");
  return texts.map((text) => [["textarea", "long_text"], ["input", "short_text"]].map(([tag, kind]) => {
    const field = document.createElement(tag);
    field.value = text;
    return [kind, field.value, countField(field)];
  }));
}"""


def test_the_counter_and_the_server_count_the_same(site: Site, browser: Browser, world: Any) -> None:
    """Every text, pure and mixed with the next, in a line and in paragraphs, as the browser itself would send it."""
    page = page_of(browser, site, world[1]["people"]["CM"])
    texts = [*NASTY, *(one + other for one, other in pairwise(NASTY))]
    for typed, counted in zip(texts, page.evaluate(COUNT, texts), strict=True):
        for kind, value, signs in counted:
            # A browser sends each end of line as two signs.
            sent = value.replace("\n", "\r\n") if kind == "long_text" else value
            assert signs == count_signs(kept_value(kind, sent)), (kind, typed)
    page.context.close()


def test_what_the_counter_says_is_what_is_saved(site: Site, browser: Browser, world: Any) -> None:
    _platform, laid = world
    draft = laid["candidacies"]["draft"]
    page = page_of(browser, site, laid["people"]["CM"])
    open_section(page, site.url, draft, "narrative")
    text = "👩‍👩‍👧‍👦 Été " + unicodedata.normalize("NFD", "à l’école") + "\r\nsuite\u00a0: mot\u00adlong"
    page.fill('[name="need"]', text)
    left = page.inner_text("#need-counter").replace("\u202f", "").replace("\xa0", "")
    page.locator('[name="need"]').blur()
    wait_for_state(page, "enregistré à")
    assert f"{2000 - count_signs(kept_value('long_text', text))} signes" in left
    page.reload()
    assert page.input_value('[name="need"]') == kept_value("long_text", text)
    page.context.close()


def test_a_question_unfolds_and_a_table_is_saved_as_it_is_typed(
    site: Site, browser: Browser, world: Any
) -> None:
    _platform, laid = world
    draft = laid["candidacies"]["draft"]
    page = page_of(browser, site, laid["people"]["CM"])
    open_section(page, site.url, draft, "narrative")
    hidden = page.locator('[data-question="replicated_where"]')
    assert not hidden.is_visible()
    page.check('[name="already_replicated"][value="yes"]')
    assert hidden.is_visible()
    page.check('[name="already_replicated"][value="no"]')
    assert not hidden.is_visible()
    page.check('[name="already_replicated"][value="yes"]')
    for _ in range(2):
        page.click("[data-add-row]")
    rows = page.locator(".table.inputs tbody tr")
    assert rows.count() == 5
    rows.nth(4).locator('[data-cell="name"]').fill("Personnes  accueillies ")
    with page.expect_response(
        lambda answer: "1%20234" in (answer.request.post_data or "").replace("+", "%20")
    ):
        rows.nth(4).locator('[data-cell="last"]').fill("1 234,5")
        page.locator('[name="need"]').focus()
    wait_for_state(page, "enregistré à")
    page.reload()
    first = page.locator(".table.inputs tbody tr").first
    assert first.locator('[data-cell="name"]').input_value() == "Personnes accueillies"
    assert page.locator('[data-question="replicated_where"]').is_visible()
    kept = page.evaluate("document.querySelector('textarea[name=indicators]').value")
    assert json.loads(kept) == [{"last": "1 234,5", "name": "Personnes accueillies"}]
    page.context.close()


def test_without_a_script_the_server_decides_at_each_save(site: Site, browser: Browser, world: Any) -> None:
    _platform, laid = world
    draft = laid["candidacies"]["draft"]
    page = page_of(browser, site, laid["people"]["CM"], java_script_enabled=False)
    address = f"{site.url}/candidatures/{draft}/rubriques/narrative"
    page.goto(address)
    assert not page.locator('[name="replicated_where"]').is_visible()
    page.check('[name="already_replicated"][value="yes"]')
    page.fill('[name="indicators.0.name"]', "Repas")
    page.fill('[name="indicators.2.name"]', "Paniers")
    page.click('button[name="rester"]')
    assert page.locator('[name="replicated_where"]').is_visible()
    assert [page.input_value(f'[name="indicators.{row}.name"]') for row in range(4)] == [
        "Repas", "Paniers", "", "",
    ]  # fmt: skip
    page.context.close()


def test_a_form_that_changes_under_a_writer_is_told_and_loses_nothing(
    site: Site, browser: Browser, world: Any
) -> None:
    platform, laid = world
    draft, year = laid["candidacies"]["draft"], int(laid["year"])
    page = page_of(browser, site, laid["people"]["CM"])
    open_section(page, site.url, draft, "project")
    staff = platform.session(laid["people"]["NS"])
    changed = staff.settings.question(year, "pitch", label="Votre phrase", reason="Plus clair.")
    assert changed.status_code == 303
    page.fill('[name="pitch"]', "Texte tapé pendant le changement")
    page.locator('[name="pitch"]').blur()
    page.wait_for_selector("#pitch-conflict")
    told = page.inner_text("#pitch-conflict").replace("\xa0", " ")
    assert "devient « Votre phrase »" in told
    assert "Motif : Plus clair." in told
    assert page.input_value('[name="pitch"]') == "Texte tapé pendant le changement"
    page.locator("#pitch-conflict button").first.click()
    wait_for_state(page, "enregistré à")
    page.reload()
    assert page.input_value('[name="pitch"]') == "Texte tapé pendant le changement"
    staff.close()
    page.context.close()


@pytest.mark.parametrize(("width", "scheme"), [(390, "dark"), (1280, "light")])
def test_the_pages_of_the_form_are_accessible(
    site: Site, browser: Browser, world: Any, width: int, scheme: str
) -> None:
    _platform, laid = world
    home = f"{site.url}/coordination/editions/{laid['year']}/formulaire"
    size: Any = {"viewport": {"width": width, "height": 900}, "color_scheme": scheme}
    found = {}
    staff = page_of(browser, site, laid["people"]["NS"], **size)
    for path in (
        "", "/apercu", "/questions/nouvelle", "/questions/indicators", "/questions/replicated_where",
        "/questions/need/retrait", "/rubriques/size", "/copie",
    ):  # fmt: skip
        staff.goto(home + path)
        found[path] = problems_of_page(staff)
    writer = page_of(browser, site, laid["people"]["CM"], **size)
    for section in ("narrative", "size"):
        open_section(writer, site.url, laid["candidacies"]["draft"], section)
        found[section] = problems_of_page(writer)
    assert {path: problems for path, problems in found.items() if problems} == {}
    staff.context.close()
    writer.context.close()
