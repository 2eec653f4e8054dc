"""H. What leaves the platform: tables that a spreadsheet opens, papers that ask nobody."""

import csv
import io
import re
import shutil
import socketserver
import subprocess
import tempfile
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler
from pathlib import Path
from typing import Any

import pikepdf

from tests.cases.context import Context, case, expect, in_time
from tests.hostile_texts import FORMULAS, PAPERS, SCRIPTS

COMPUTED = ("=", "+", "-", "@", "＝", "＋", "－", "＠", "\t", "\r", "\n")
NUMBER = re.compile(r"-?\d+([.,]\d+)?")
# Digits with a zero before them, or many of them, are identifiers.
TRUE_NUMBER = re.compile(r"-?(0|[1-9]\d{0,10})([.,]\d+)?")
BLANK = " \u00a0\u202f\ufeff\"';{"


def tables(c: Context) -> dict[str, str]:
    """Return the text of each export of a locked round, and of the open data."""
    answers = {
        "candidatures": c.be("RC").export("candidatures", c.round()),
        "agregats": c.be("RC").export("agregats", c.round()),
        "notes": c.be("AU").export("notes", c.round()),
        "palmares": c.platform.public.api("csv"),
    }
    return {name: expect(answer, 200).content.decode("utf-8-sig") for name, answer in answers.items()}


def rows_of(text: str) -> list[list[str]]:
    """Return the rows as a strict reader finds them."""
    csv.field_size_limit(10_000_000)
    return list(csv.reader(io.StringIO(text, newline=""), delimiter=";", strict=True))


def shape(text: str) -> tuple[int, set[int]]:
    """Return how many rows, and which widths."""
    rows = rows_of(text)
    return len(rows), {len(row) for row in rows}


@case("H7")
def formulas_in_exports(c: Context) -> None:
    """No cell computes; each text comes back as it was, but for the apostrophe that keeps it one. In LibreOffice too."""
    c.lay("P6")
    before = {name: shape(text) for name, text in tables(c).items()}
    expect(c.platform.fill(FORMULAS), 200)
    after = tables(c)
    assert {name: shape(text) for name, text in after.items()} == before
    kept = set()
    for name, text in after.items():
        for row in rows_of(text):
            for cell in row:
                kept.add(cell.removeprefix("'"))
                bare = cell.lstrip(BLANK) if not cell.startswith("'") else ""
                if not NUMBER.fullmatch(cell):
                    assert not cell.startswith(COMPUTED), f"{name}: {cell!r}"
                    assert not bare.startswith(COMPUTED), f"{name}: {cell!r}"
    plain = {"http://mal.example/x", "00123", "1E5", "12/03", "=1+1", "@SUM(1)", "＝1+1"}
    assert plain - kept == set()
    if shutil.which("soffice"):
        check_in_a_spreadsheet(after)


def check_in_a_spreadsheet(held: dict[str, str]) -> None:
    """Open tables in LibreOffice (separator `;`, UTF-8, French, quoted cells are texts) and look at each cell."""
    import openpyxl

    with tempfile.TemporaryDirectory() as folder:
        for name, text in held.items():
            (Path(folder) / f"{name}.csv").write_bytes(text.encode("utf-8-sig"))
        words = [
            "soffice", "--headless", f"-env:UserInstallation=file://{folder}/profile", "--convert-to", "xlsx",
            "--infilter=Text - txt - csv (StarCalc):59,34,76,1,,1036,true,false", "--outdir", folder,
            *(f"{folder}/{name}.csv" for name in held),
        ]  # fmt: skip
        subprocess.run(words, check=True, capture_output=True, timeout=600)
        for name, text in held.items():
            sheet = openpyxl.load_workbook(Path(folder) / f"{name}.xlsx").worksheets[0]
            for read, kept in zip(sheet.iter_rows(), rows_of(text), strict=False):
                for cell, wanted in zip(read, kept, strict=False):
                    check_cell(f"{name}: {wanted!r}", cell, wanted)


def check_cell(where: str, cell: Any, wanted: str) -> None:
    """Fail unless a cell is the number it is, or the text it was."""
    assert cell.data_type != "f", f"{where} computes"
    assert cell.hyperlink is None, f"{where} is a link"
    if TRUE_NUMBER.fullmatch(wanted):
        assert isinstance(cell.value, int | float), f"{where} is no number"
    else:
        assert flat("" if cell.value is None else str(cell.value)) == flat(wanted), f"{where}: {cell.value!r}"


def flat(text: str) -> str:
    """Return a text without what XML folds: ends of lines."""
    return re.sub(r"_x000D_|[\r\n]+", "\n", text).strip("\n")


@case("H8")
def separators_in_exports(c: Context) -> None:
    c.lay("P6")
    before = {name: shape(text) for name, text in tables(c).items()}
    texts = [
        "a;b",
        'dit "oui";"non"',
        "deux\nlignes",
        "deux\r\nlignes",
        "cr\rnu",
        ";;;",
        '"',
        '""";',
        "x" * 1_000_000,
    ]
    expect(c.platform.fill(texts), 200)
    after = tables(c)
    assert {name: shape(text) for name, text in after.items()} == before
    cells = {cell for text in after.values() for row in rows_of(text) for cell in row}
    assert {'dit "oui";"non"', "deux\nlignes", ";;;"} <= {cell.removeprefix("'") for cell in cells}
    for name, answer in {"candidatures": c.be("RC").export("candidatures", c.round())}.items():
        assert answer.content.startswith(b"\xef\xbb\xbf"), name


@contextmanager
def listener() -> Iterator[tuple[str, list[str]]]:
    """Listen on this machine: its address, and what it was asked."""
    asked: list[str] = []

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            asked.append(self.path)
            self.send_response(404)
            self.end_headers()

        def log_message(self, *_: Any) -> None:
            """Say nothing."""

    with socketserver.ThreadingTCPServer(("127.0.0.1", 0), Handler) as server:
        thread = threading.Thread(target=server.serve_forever, daemon=True)
        thread.start()
        yield f"http://127.0.0.1:{server.server_address[1]}", asked
        server.shutdown()


def papers(c: Context) -> dict[str, bytes]:
    """Return the papers of a published round: receipt, minutes, certificate printed now."""
    found = {}
    receipt = expect(c.be("CO").receipt(c.candidacy(), pdf=True), 200, 503)
    if receipt.status_code == 200:
        found["receipt"] = receipt.content
    for who, path in (
        ("RC", f"/coordination/{c.round()}/proces-verbal.pdf"),
        ("JP", f"/jury/{c.seat('JP')}/proces-verbal.pdf"),
    ):
        minutes = c.be(who).get(path)
        if minutes.status_code == 200:
            found[f"minutes of {who}"] = minutes.content
    return found


def text_of(content: bytes) -> str:
    """Return the words of a PDF."""
    from tests.adapters.paper_reading import words

    with pikepdf.open(io.BytesIO(content)) as pdf:
        return "\n".join(words(pdf, number) for number in range(len(pdf.pages)))


@case("H21")
def papers_ask_nobody(c: Context) -> None:
    """Markup, styles and addresses in every text that reaches a paper: nothing is asked, nothing is attached."""
    c.lay("P6")
    with listener() as (url, asked):
        texts = [text.format(url=url) for text in PAPERS]
        expect(c.platform.fill(texts), 200)
        found = papers(c)
        assert "receipt" in found, "no receipt could be printed"
        for name, content in found.items():
            with pikepdf.open(io.BytesIO(content)) as pdf:
                assert "/EmbeddedFiles" not in pdf.Root.get("/Names", {}), name
                kinds = {
                    str(thing.get("/S"))
                    for thing in pdf.objects
                    if isinstance(thing, pikepdf.Dictionary) and "/S" in thing
                }
                assert not kinds & {"/Launch", "/JavaScript", "/GoToR", "/SubmitForm", "/ImportData"}, (
                    f"{name}: {kinds}"
                )
        shown = re.sub(r"\s+", "", text_of(found["receipt"]))
        for text in texts[:3]:
            assert re.sub(r"\s+", "", text) in shown or text[:20] in text_of(found["receipt"]), text
        assert "root:" not in shown
        assert asked == [], asked


@case("H14")
def texts_without_end(c: Context) -> None:
    """A word of a megabyte, breaks without end, a table of thousands of lines; then the receipt of a full file."""
    c.lay("P1")
    person, draft = c.be("CO"), c.candidacy("draft")
    for text in ("m" * 1_000_000, "\n" * 100_000, "a\tb\tc\n" * 5_000):
        answer = person.draft.save(draft, "need", text)
        expect(answer, 200, 413, 422)
        assert len(expect(person.draft.section(draft, "narrative"), 200).content) < 10_000_000
    for text in ("m" * 1_000_000, "\n" * 100_000):
        if expect(person.draft.save(draft, "need", text), 200, 413, 422).status_code == 200:
            assert "need" in expect(person.submit(draft, json=True), 422).json()["errors"]
    key = c.candidacy()
    expect(person.takeback(key), 303)
    limits = {"need": "a\n", "results": "ligne\n\n", "summary": "mot "}
    for code, text in limits.items():
        size = 20_000
        while size and person.draft.save(key, code, (text * size)[:size]).status_code != 200:
            size //= 2
    answer = person.submit(key, json=True)
    if answer.status_code == 422:
        for code in answer.json()["errors"]:
            person.draft.save(key, code, (limits.get(code, "a") * 900)[:280])
        expect(person.submit(key, json=True), 200)
    receipt = expect(in_time(30, lambda: person.receipt(key, pdf=True)), 200)
    with pikepdf.open(io.BytesIO(receipt.content)) as pdf:
        assert len(pdf.pages) <= 200, len(pdf.pages)


@case("H22")
def certificates_of_every_script(c: Context) -> None:
    """Names of every script on a certificate: on one page, every sign drawn, controls of direction gone.

    Signs that no font of the machine draws are told to the chamber by the platform; here the machine's fonts decide.
    """
    from awards_app.adapters.pdf import undrawn_characters

    names = [name for name in (*SCRIPTS, "N" * 300) if not undrawn_characters(name)]
    assert len(names) >= 8, names
    for name in names:
        content = certificate_of(c, name)
        with pikepdf.open(io.BytesIO(content)) as pdf:
            assert len(pdf.pages) == 1, name
        shown = text_of(content)
        assert not {"\u202e", "\u200b", "\u25a1"} & set(shown), name
        if name.isascii() or name.startswith("d’"):
            assert squeezed(name) in squeezed(shown), name


def squeezed(text: str) -> str:
    """Return a text without its blanks: a paper breaks its lines where it wants."""
    return re.sub(r"\s+", "", text)


def certificate_of(c: Context, name: str) -> bytes:
    """Return the certificate of a structure of this name, from the deliberation to the paper."""
    c.lay("P4")
    expect(c.platform.fill([name]), 200)
    seat, chair = c.seat("JP"), c.be("JP")
    for theme, file in (("us", "main"), ("te", "second")):
        for prize in ("national_entry", "regional_title"):
            page = f"/jury/{seat}/decisions/proposer?prix={prize}&thematique={theme}"
            values = {"candidacy": c.candidacy(file), "citation": "Pour un lieu partagé.", "reason": ""}
            expect(chair.post(page, values), 303)
    written = {
        "place": "Rennes",
        "held_on": "20/09/2026",
        "chair": "P",
        "secretary": "C",
        "notes": "Le jury a délibéré.",
    }
    expect(chair.minutes(seat, **written), 303)
    expect(c.be("RC").confirm(c.round()), 303)
    expect(c.be("RC").cert.order(c.round()), 303)
    expect(c.platform.job.run("certificates.issue_waiting"), 200)
    page = expect(c.be("RC").get(f"/coordination/{c.round()}/certificats"), 200)
    numbers = sorted(set(re.findall(r"/certificats/([A-Z0-9-]{10,})/telecharger", page.text)))
    assert numbers, f"no certificate for {name!r}"
    return expect(c.be("RC").cert.get(numbers[0]), 200).content
