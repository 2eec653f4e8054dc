"""H. Text, injection, links: what is typed is shown as typed, and does nothing."""

import re

import httpx

from tests.adapter import Adapter
from tests.adapter_forms import read_page
from tests.cases.context import Context, case, expect, hides, in_time
from tests.cases.crawling import OWN, PUBLIC, pages_of, word_forms
from tests.cases.eyes import Eyes
from tests.hostile_texts import MARKUP, STATEMENTS, TEMPLATES

# Who looks in which phase: each has pages that nobody else has.
WRITERS = {"P1": ("CO", "CM", "RC", "NS"), "P3": ("RJ", "JP", "RC"), "P4": ("JP", "RC")}
READERS = {
    "P1": ("CO", "RC", "NS", "PUB"),
    "P3": ("RJ", "JP", "RC"),
    "P4": ("JP", "NS"),
    "P6": ("PUB", "CO", "RC", "AU"),
}


def rooms(code: str) -> tuple[str, ...]:
    """Return where a person starts from: their own rooms, or what is public."""
    return PUBLIC if code == "PUB" else OWN


def sow(person: Adapter, texts: tuple[str, ...], *, start: int = 0, limit: int = 60) -> tuple[int, set[str]]:
    """Type the texts, in turn, in every field of words of a person's forms; return how many, and the fields met."""
    typed, fields = start, set[str]()
    for path, page in list(pages_of(person, limit=limit, each=3)):
        for form in word_forms(path, page):
            values = dict(form.values)
            for name in form.words:
                values[name] = texts[typed % len(texts)]
                fields.add(name)
                typed += 1
            answer = person.post(form.action, {k: v for k, v in values.items() if k != "csrf_token"})
            assert answer.status_code < 500 or answer.status_code in (503, 507), (
                f"{form.action}: {answer.status_code} for {values}"
            )
    return typed, fields


@case("H1", in_browser=True)
def markup_in_every_field(c: Context) -> None:
    """A hundred texts typed in every field of words of candidates and staff; then every page in a real browser."""
    with Eyes(c.base_url) as eyes:
        number = 0
        for phase in WRITERS:
            c.lay(phase)
            for code in WRITERS[phase]:
                number, _fields = sow(c.be(code), MARKUP, start=number)
            for code in READERS[phase]:
                paths = [path for path, _page in pages_of(c.be(code), limit=30, each=1, homes=rooms(code))]
                eyes.open_all(f"{phase} {code}", c.be(code), paths)
            eyes.open_letters(c.platform.mail.sink()[-20:])
    assert eyes.found == [], eyes.found[:5]
    assert number > 150, f"only {number} fields were met"
    assert eyes.opened > 60, f"only {eyes.opened} pages were opened"


@case("H2", in_browser=True)
def markup_wherever_words_are_kept(c: Context) -> None:
    """The same texts in every column of words, of an edition's settings too; then every page in a real browser."""
    with Eyes(c.base_url) as eyes:
        for phase, codes in READERS.items():
            c.lay(phase)
            expect(c.platform.fill(MARKUP), 200)
            for code in codes:
                paths = [path for path, _page in pages_of(c.be(code), limit=30, each=1, homes=rooms(code))]
                eyes.open_all(f"{phase} {code}", c.be(code), paths)
    assert eyes.found == [], eyes.found[:5]
    assert eyes.opened > 120, f"only {eyes.opened} pages were opened"


@case("H3")
def links_in_texts(c: Context) -> None:
    """Links and images, of Markdown or HTML, stay words; a structure's own address leaves with rel=noopener."""
    c.lay("P1")
    draft, person = c.candidacy("draft"), c.be("CM")
    texts = (
        "[ici](javascript:alert(1))", "![x](https://mal.example/x.png)", "<base href=//mal.example/>",
        '<form action="//mal.example/"><input name=a></form>', "https://mal.example/connexion",
    )  # fmt: skip
    for text in texts:
        expect(person.draft.save(draft, "area", text), 200)
        for page in (person.draft.section(draft, "project"), person.draft.review(draft)):
            forms, links = read_page(expect(page, 200))
            assert not [link for link in links if "mal.example" in link or link.startswith("javascript")], (
                text
            )
            assert not [form for form in forms if "mal.example" in form.action], text
    expect(c.be("CO").structure.edit(c.world["structures"]["main"], website="javascript:alert(1)"), 422)
    expect(c.be("CO").structure.edit(c.world["structures"]["main"], website="https://phare.example"), 303)


@case("H4")
def templates_in_texts(c: Context) -> None:
    """Template strings are words in a candidate's text; they come back signed for sign in pages and letters."""
    c.lay("P1")
    draft, person = c.candidacy("draft"), c.be("CM")
    for text in TEMPLATES:
        expect(person.draft.save(draft, "area", text), 200)
        expect(person.draft.save(draft, "title", f"Titre {text}"), 200)
        page = expect(person.draft.review(draft), 200)
        assert escaped(text) in page.text, text
        assert escaped(text) in expect(person.draft.section(draft, "project"), 200).text, text
    structure = "Atelier {{7*7}} {0.__class__} %(secret)s {link} ${7*7}"
    expect(c.be("CO").structure.edit(c.world["structures"]["draft"], name=structure), 303)
    expect(
        c.be("RC").settings.deadline(c.round(), "2026-07-05T12:00", reason="Motif {person} {{7*7}} %s"), 303
    )
    letter = next(one for one in reversed(c.platform.mail.sink()) if structure in one["text"])
    assert "Motif {person} {{7*7}} %s" in letter["text"]
    # An address may hold any number: that of a port, that of a key.
    words = re.sub(r"https?://\S+", "", letter["text"].replace(structure, ""))
    assert "49" not in words
    with c.no_effect():
        # What is a listed placeholder, or no placeholder at all, is not refused.
        harmless = ("%s%n%x", "{link}", "{person}")
        for text in (*(one for one in TEMPLATES if one not in harmless), "{candidacy_number}", "{", "}"):
            for values in (("Objet", f"Bonjour {{person}}. {text}"), (f"Objet {text}", "Bonjour {person}.")):
                answer = expect(c.be("RC").settings.template(c.round(), "correction_requested", *values), 422)
                assert escaped(text) in answer.text, text
    kept = "Bonjour {person}, au sujet de {structure} : {reason}"
    expect(c.be("RC").settings.template(c.round(), "correction_requested", "Complément", kept), 303)
    expect(c.be("RY").settings.template(c.round(), "correction_requested", "Complément", kept), 403)


def escaped(text: str) -> str:
    """Return a text as a page holds it."""
    from markupsafe import escape

    return str(escape(text))


@case("H5")
def statements(c: Context) -> None:
    """Statements in identifiers, filters, queries, forms and JSON: no error, no wait, no effect on other tables."""
    c.lay("P3")
    staff, juror, seat, main = c.be("RC"), c.be("RJ"), c.seat("RJ"), c.candidacy("other")
    round_ = c.round()
    with c.no_effect():
        for text in STATEMENTS:
            asked = (
                lambda t=text: staff.get(f"/coordination/{round_}/recevabilite", params={"q": t, "tri": t, "etat": t, "page": t}),
                lambda t=text: staff.get("/coordination/journal", params={"acte": t, "objet": t, "du": t, "page": t}),
                lambda t=text: c.platform.get("/palmares", params={"thematique": t, "region": t, "q": t, "page": t}),
                lambda t=text: juror.get(f"/jury/{seat}", params={"tri": t, "etat": t, "thematique": t}),
                lambda t=text: staff.get(httpx.URL(f"/coordination/{round_}/recevabilite/x", path=f"/coordination/{t}/recevabilite")),
                lambda t=text: c.platform.get("/certificats", params={"numero": t}),
                lambda t=text: juror.sheet.save_one(seat, main, t, "1"),
            )  # fmt: skip
            for ask in asked:
                answer = in_time(2, ask)
                assert answer.status_code < 500, f"{answer.request.url}: {answer.status_code}"
                hides(answer, "sqlite3", "psycopg", "syntax error")
