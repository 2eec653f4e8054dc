"""Ten real-life files go from the form to the juror's page unharmed, section by section, by the doors that people use."""

import html
import io
import re
import unicodedata
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from xml.etree.ElementTree import Element

import html5lib
import pikepdf
import pypdfium2
import pytest
from flask import Flask
from flask.testing import FlaskClient
from fontTools.ttLib import TTFont
from PIL import Image
from sqlalchemy import select
from werkzeug.datastructures import FileStorage
from werkzeug.test import encode_multipart

from awards_app.adapters import clock, pdf
from awards_app.database import db
from awards_app.domain.text import BIDI_CONTROLS, clean_line
from awards_app.models.structures import Structure
from awards_app.services import juries
from awards_app.services.accounts import ensure_account
from awards_app.services.admissibility import decide_admissibility
from awards_app.services.previews import draw_waiting
from tests import filing_world as world
from tests import real_files
from tests.desk_world import round_key
from tests.form_world import a_national, change, question_of, the_form, typed

NOW = world.FILING + timedelta(hours=2)
SCORING = datetime(2027, 9, 6, 9, tzinfo=NOW.tzinfo)
SECTIONS = ("contact", "size", "project", "narrative", "theme", "attachments", "undertakings")
# What is typed in every file where it types nothing else; and how a reader finds what is not shown as typed.
PLAIN = {code: value for code, value in world.TEXTS.items() if code != "contact_phone"}
SHOWN = {"employees": "1234", "budget_total": "184\u202f000\u00a0€"}
BOXES = ("image_rights", "sincerity", "authority", "rules_accepted", "publication_consent")
FACES = Path(pdf.__file__).parent / "faces"
# What a paper draws nothing for: spaces, joiners, marks of direction, cuts of words. (Brackets and guillemets are turned
# round among words that run the other way.)
UNDRAWN = {"Zs", "Zl", "Zp", "Cf", "Cc", "Mn", "Me"}


@pytest.fixture
def at(app: Flask, tmp_path: Path) -> Callable[[datetime], None]:
    """Move the clock; the jury reads the accounts, which may weigh twenty MiB."""
    app.config["AWARDS_CLOCK_FILE"] = str(tmp_path / "clock.json")

    def move(instant: datetime) -> None:
        with app.app_context():
            clock.set_clock(instant, frozen=True)

    move(NOW)
    with app.app_context():
        world.an_edition()
        heavier = typed("accounts", audience="jury", max_mib="20")
        change(a_national(), world.BEFORE, "accounts", heavier)
    return move


@pytest.mark.parametrize("name", real_files.TEN)
def test_a_real_file_reaches_the_jury_unharmed(
    app: Flask, client: FlaskClient, at: Callable[[datetime], None], name: str
) -> None:
    real = real_files.TEN[name]()
    key = begin(app, client, real)
    write(app, client, key, real)
    attach(client, key, real)
    deposited = client.post(f"/candidatures/{key}/deposer", data={"cle": "une"})
    assert deposited.status_code == 303, said(deposited.get_data(as_text=True))
    check_own_pages(client, key, real)
    check_paper(client, key, real)
    at(SCORING)
    reader, place = seat_a_juror(app, key)
    page = tree(reader.get(place).get_data(as_text=True))
    with app.app_context():
        check_words(page, real)
    assert table_of(page) == real.table_shown
    check_files(reader, page, name, real)


def begin(app: Flask, client: FlaskClient, real: real_files.RealFile) -> str:
    """Register the structure and open its draft; return the candidacy's key."""
    with app.app_context():
        world.sign_in(client, world.holder(world.a_person("Odile")), NOW)
    record = world.structure_values(0, name=real.structure, city=real.city)
    assert client.post("/structure/nouvelle", data=record).status_code == 303
    with app.app_context():
        kept = db.session.execute(select(Structure.key, Structure.name, Structure.city)).one()
    assert kept[1:] == (line(real.structure), line(real.city))
    answer = client.post("/candidatures/nouvelle", data={"structure": kept.key})
    return str(answer.headers["Location"].rsplit("/", 1)[-1])


def answers_of(real: real_files.RealFile, codes: set[str]) -> dict[str, str]:
    """Return what is typed for these questions."""
    narrated = {
        code: f"Récit {code}" for code in codes if code not in PLAIN and question_of(code).kind == "long_text"
    }
    return {code: text for code, text in (narrated | PLAIN | real.typed).items() if code in codes}


def write(app: Flask, client: FlaskClient, key: str, real: real_files.RealFile) -> None:
    """Fill each section as its page asks, save it, and read it again: the fields say what was typed."""
    home = f"/candidatures/{key}/rubriques"
    page = tree(client.get(f"{home}/theme").get_data(as_text=True))
    assert client.post(f"{home}/theme", data=fields(page) | {"theme": "us", "rester": "1"}).status_code == 303
    for section in SECTIONS:
        shown = fields(tree(client.get(f"{home}/{section}").get_data(as_text=True)))
        with app.app_context():
            asked = {code for code in shown if "." not in code and f"base-{code}" in shown}
            given = answers_of(real, asked)
        sent = {**shown, **{code: real_files.as_browsers_send(text) for code, text in given.items()}}
        sent |= {f"base-{code}": shown[f"base-{code}"] for code in given}
        if section == "narrative":
            for row, cells in enumerate(real.table):
                sent |= {
                    f"indicators.{row}.{c}": v
                    for c, v in zip(("name", "unit", "before", "last"), cells, strict=True)
                }
        sent |= {code: "y" for code in BOXES if f"base-{code}" in shown}
        answer = client.post(f"{home}/{section}", data={**sent, "rester": "1"})
        assert answer.status_code == 303, (section, said(answer.get_data(as_text=True)))
        kept = fields(tree(client.get(f"{home}/{section}").get_data(as_text=True)))
        with app.app_context():
            expected = {code: expected_text(code, text) for code, text in given.items()}
        assert {code: kept[code] for code in given} == expected


def attach(client: FlaskClient, key: str, real: real_files.RealFile) -> None:
    """Send what this file attaches, then the plain pieces where it attaches nothing."""
    for sent in pieces_of(real):
        file = FileStorage(io.BytesIO(sent.content), sent.name, content_type="application/octet-stream")
        # Encoded here: the client would leave the temporary file of a heavy body open.
        boundary, body = encode_multipart({"question": sent.question, "file": file})
        answer = client.post(
            f"/candidatures/{key}/pieces",
            data=body,
            content_type=f"multipart/form-data; boundary={boundary}",
        )
        assert answer.status_code == 303, (sent.name, said(answer.get_data(as_text=True)))


def pieces_of(real: real_files.RealFile) -> list[real_files.Sent]:
    """Return every piece of a file, those that its form requires included."""
    plain = {
        "statutes": world.a_pdf("statuts"),
        "accounts": world.a_pdf("comptes"),
        "photos": real_files.a_picture("JPEG"),
    }
    answered = {sent.question for sent in real.sent}
    added = [
        real_files.Sent(question, f"{question}.bin", content)
        for question, content in plain.items()
        if question not in answered
    ]
    return [*real.sent, *added]


def check_own_pages(client: FlaskClient, key: str, real: real_files.RealFile) -> None:
    """The receipt names each piece as it is named at home, and the title as typed."""
    page = client.get(f"/candidatures/{key}/accuse").get_data(as_text=True)
    text = html.unescape(page)
    names = {unicodedata.normalize("NFC", sent.name) for sent in pieces_of(real)}
    assert {name for name in names if name in text} == names
    assert line(real.typed.get("title", PLAIN["title"])) in text


def check_paper(client: FlaskClient, key: str, real: real_files.RealFile) -> None:
    """The receipt is printed, with each sign that its faces can draw."""
    if pdf.pdf_available() is not None:
        pytest.skip("this machine cannot print")
    answer = client.get(f"/candidatures/{key}/accuse.pdf")
    assert (answer.status_code, answer.mimetype) == (200, "application/pdf")
    document = pypdfium2.PdfDocument(answer.data)
    printed = "".join(document[page].get_textpage().get_text_range() for page in range(len(document)))
    typed_signs = set(real_files.as_kept("".join((*real.typed.values(), real.structure, real.city))))
    drawn = {
        sign
        for sign in typed_signs & drawable()
        if unicodedata.category(sign) not in UNDRAWN and not unicodedata.mirrored(sign)
    }
    assert sorted(drawn - set(unicodedata.normalize("NFC", printed))) == []


def drawable() -> set[str]:
    """Return the signs that the regular face of the papers draws."""
    found: set[str] = set()
    for face in FACES.glob("atkinson-regular*.woff2"):
        with TTFont(face) as font:
            found |= {chr(code) for code in font.getBestCmap()}
    return found


def seat_a_juror(app: Flask, key: str) -> tuple[FlaskClient, str]:
    """Find the file admissible, seat a juror without ties, open the scoring; return their browser and the file's address."""
    with app.app_context():
        coordinator = world.a_coordinator()
        decide_admissibility(coordinator, key, "admissible", "", world.ADMISSIBILITY)
        # An address of another house than the file's: a shared one would be a tie.
        juror = ensure_account("jules@jury.exemple", "Jules", world.BEFORE)
        seat = juries.invite_juror(
            coordinator, round_key(), email="jules@jury.exemple", name="Jules", now=world.ADMISSIBILITY
        )
        juries.accept_seat(juror, seat, world.ADMISSIBILITY)
        juries.accept_charter(world.holder(juror), seat, world.ADMISSIBILITY)
        juries.declare_interest(world.holder(juror), seat, key, "none", "", world.ADMISSIBILITY)
        world.set_phase("P3")
        assert draw_waiting(SCORING) > 0
        reader = app.test_client()
        world.sign_in(reader, world.holder(juror), SCORING)
    return reader, f"/jury/{seat}/candidatures/{key}"


def check_words(page: Element, real: real_files.RealFile) -> None:
    """Every answer that the jury may read is on the page, sign by sign, and none other."""
    codes = {
        question.code
        for section in SECTIONS
        for question in questions_in(section)
        if question.audience in ("jury", "public")
        and question.kind not in ("file", "files", "table", "yes_no", "checkbox")
    }
    given = answers_of(real, codes)
    expected = {
        question_of(code).label: SHOWN.get(code, expected_text(code, text))
        for code, text in given.items()
        if code not in ("pitch", "summary")
    }
    copy = next(found for found in page.iter("article") if "filed-copy" in found.get("class", ""))
    found = {}
    for answer in copy.iter("div"):
        inside = {child.tag: child for child in answer}
        texts = [words(child) for child in answer if child.get("class") == "filed-text"]
        if texts:
            found[words(inside["h3"])] = "".join(texts)
        if "dt" in inside and words(inside["dt"]) in expected:
            found[words(inside["dt"])] = words(inside["dd"])
    assert found == expected
    lead, summary = [words(part) for part in copy if part.tag == "p"]
    assert (lead, summary) == tuple(expected_text(code, given[code]) for code in ("pitch", "summary"))
    assert [words(title) for title in page.iter("h1")] == [expected_text("title", given["title"])]


def questions_in(section: str) -> Iterator[Any]:
    """Return the questions of a section that this theme is asked."""
    found = next(part for part in the_form() if part.code == section)
    return iter(found.for_theme("us"))


def table_of(page: Element) -> tuple[tuple[str, ...], ...]:
    """Return the rows of the table of indicators as a juror reads it."""
    tables = [one for one in page.iter("table") if words(one.find("caption")) == real_files.INDICATORS]
    if not tables:
        return ()
    heads, *rows = list(tables[0].iter("tr"))
    assert tuple(words(cell) for cell in heads) == real_files.HEADINGS
    return tuple(tuple(words(cell) for cell in row) for row in rows)


def check_files(reader: FlaskClient, page: Element, name: str, real: real_files.RealFile) -> None:
    """Each piece that the jury may read is there once, opens, and is what was sent, without what it told."""
    links = [found.get("href", "") for found in page.iter("a")]
    downloads = list(dict.fromkeys(link for link in links if re.search(r"/pieces/[^/]+$", link)))
    read = [sent for sent in pieces_of(real) if sent.question != "statutes"]
    contents = [reader.get(link) for link in downloads]
    assert [answer.status_code for answer in contents] == [200] * len(read)
    pdfs = [answer.data for answer in contents if answer.mimetype == "application/pdf"]
    pictures = [answer.data for answer in contents if str(answer.mimetype).startswith("image/")]
    assert (len(pdfs), len(pictures)) == (1, len(read) - 1)
    wanted = [sent.content for sent in read if sent.question != "accounts"]
    sizes = (
        [(600, 400), (600, 400), (400, 600), (3000, 4000)]
        if name == "phone_photos"
        else [(90, 60)] * len(wanted)
    )
    assert sorted(standing(content) for content in pictures) == sorted(sizes)
    for content in (*pictures, *pdfs):
        assert real_files.PHONE.encode() not in content
    places = dict(zip(downloads, contents, strict=True))
    check_pdf(
        reader,
        name,
        pdfs[0],
        next(link for link, answer in places.items() if answer.mimetype == "application/pdf"),
    )


def standing(content: bytes) -> tuple[int, int]:
    """Return the size of a picture; it must be upright and tell nothing of where it was taken."""
    with Image.open(io.BytesIO(content)) as image:
        assert (dict(image.getexif()), image.info.get("comment")) == ({}, None)
        across = image.width // 2
        above, below = (image.convert("RGB").getpixel((across, image.height * at // 8)) for at in (1, 7))
        assert isinstance(above, tuple)
        assert isinstance(below, tuple)
        assert (above[0] > 150 > above[2], below[2] > 150 > below[0]) == (True, True)
        return image.size


def check_pdf(reader: FlaskClient, name: str, content: bytes, link: str) -> None:
    """A PDF keeps its pages and its pictures, and its last page is shown in the page."""
    with pikepdf.open(io.BytesIO(content)) as document:
        pages = len(document.pages)
        if name == "heavy_pdf":
            kept = tuple(page.Resources.XObject.P.read_bytes() for page in document.pages)
            assert kept == real_files.noise()
    assert pages == {"heavy_pdf": 6, "scanned": real_files.SCANNED}.get(name, 1)
    if name not in ("heavy_pdf", "scanned"):
        return
    last = reader.get(f"{link}/pages/{pages}")
    assert (last.status_code, last.mimetype) == (200, "image/webp")
    with Image.open(io.BytesIO(last.data)) as image:
        assert image.height > image.width
    shown = reader.get(f"{link}/lire?page={max(1, pages - 4)}").get_data(as_text=True)
    assert f"Page {pages} sur {pages}" in html.unescape(shown)


def expected_text(code: str, text: str) -> str:
    """Return an answer as it must be read back."""
    return real_files.as_kept(text) if question_of(code).kind == "long_text" else line(text)


def line(text: str) -> str:
    """Return a name or a title as it is documented to be kept: NFC, one line, no mark of direction."""
    kept = " ".join(part for part in re.split("[ \t\n]+", real_files.as_kept(text)) if part)
    kept = "".join(sign for sign in kept if sign not in BIDI_CONTROLS)
    assert kept == clean_line(text)
    return kept


def tree(page: str) -> Element:
    """Return a page as browsers build it."""
    return html5lib.parse(page, namespaceHTMLElements=False)


def words(element: Element | None) -> str:
    """Return the text of an element, sign by sign."""
    return "" if element is None else "".join(element.itertext())


def said(page: str) -> str:
    """Return the words of a page, for whoever reads why a test failed."""
    return " ".join(html.unescape(re.sub(r"<[^>]+>", " ", page)).split())[:3000]


def fields(page: Element) -> dict[str, str]:
    """Return what the form of a section would send untouched, its empty boxes left out."""
    form = next(found for found in page.iter("form") if found.get("data-autosave") is not None)
    found: dict[str, str] = {}
    for item in form.iter():
        name, kind = item.get("name"), item.get("type", "text")
        if item.tag == "textarea" and name and "hidden" not in item.attrib:
            found[name] = words(item)
        if item.tag == "input" and name and kind not in ("radio", "checkbox", "submit"):
            found[name] = item.get("value", "")
    return found
