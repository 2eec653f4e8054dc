"""Certificates: tagged, embedded, the same bytes each time, on one page whatever the name."""

import os
import subprocess
import sys
from dataclasses import replace
from hashlib import sha256

import pytest

from awards_app.adapters import pdf as printer
from awards_app.adapters.pdf.wording import direction
from awards_app.paths import ROOT
from tests.adapters.paper_reading import elements, fonts, opened, words
from tests.adapters.paper_samples import CERTIFICATE, INSTANT

LONG = "Coopérative d’activité et fédération départementale des œuvres laïques " * 5


def printed(**changes: object) -> bytes:
    text = replace(CERTIFICATE, **changes)  # type: ignore[arg-type]  # keyword names are fields of the text
    return printer.render_certificate(text, identifier=text.number, created_at=INSTANT)


def test_the_printer_works_here() -> None:
    assert printer.pdf_available() is None


@pytest.mark.parametrize(("kind", "title"), [("diploma", "Diplôme"), ("attestation", "Attestation")])
def test_a_certificate_is_a_tagged_and_titled_document(kind: str, title: str) -> None:
    pdf = opened(printed(kind=kind))

    assert str(pdf.Root.Lang) == "fr"
    assert bool(pdf.Root.ViewerPreferences.DisplayDocTitle) is True
    assert bool(pdf.Root.MarkInfo.Marked) is True
    assert pdf.open_metadata()["{http://www.aiim.org/pdfua/ns/id/}part"] == "1"
    assert str(pdf.docinfo.Title) == f"{title} n° ESS-2021-7K4M-Q2XB-9T3R, Solidarité Femmes 13"
    assert [str(element.S) for element in elements(pdf) if str(element.S) in {"/H1", "/BlockQuote", "/Figure", "/Link"}] == [
        "/H1", "/BlockQuote", "/Link", "/Figure",
    ]  # fmt: skip


def test_the_metadata_name_no_person_path_or_host() -> None:
    pdf = opened(printed())

    assert {str(key): str(value) for key, value in pdf.docinfo.items()} == {
        "/Title": "Diplôme n° ESS-2021-7K4M-Q2XB-9T3R, Solidarité Femmes 13",
        "/Creator": "Prix de l’ESS",
        "/Producer": "WeasyPrint 70.0",
        "/CreationDate": "D:20251128093000Z",
        "/ModDate": "D:20251128093000Z",
    }
    assert pdf.attachments == {}
    assert str(ROOT).encode() not in pdf.Root.Metadata.read_bytes()


def test_the_qr_code_is_described_and_the_link_is_printed() -> None:
    pdf = opened(printed())

    (figure,) = [element for element in elements(pdf) if element.S == "/Figure"]
    (link,) = pdf.pages[0].Annots
    assert (
        str(figure.Alt)
        == "Code QR qui mène à la page de vérification du certificat n° ESS-2021-7K4M-Q2XB-9T3R"
    )
    assert (str(link.A.URI), int(link.F)) == (CERTIFICATE.verify_url, 4)


def test_only_the_faces_of_the_project_are_used_and_all_are_embedded() -> None:
    assert fonts(opened(printed())) == {
        "Fraunces-Semi-Bold": True,
        "Fraunces-Title-Semi-Bold": True,
        "Fraunces-Text": True,
        "Atkinson": True,
        "Atkinson-Bold": True,
    }


def test_the_words_can_be_read_back() -> None:
    lines = words(opened(printed(citation="«Pour la « maison » partagée»"))).split("\n")

    assert "Solidarité Femmes 13" in lines
    assert "«\u00a0Pour la “maison” partagée\u00a0»" in lines
    assert "Spécimen, sans valeur" not in lines


def test_a_sample_says_so() -> None:
    assert "SPÉCIMEN, SANS VALEUR" in words(opened(printed(sample=True))).split("\n")


def test_the_same_certificate_gives_the_same_bytes_in_another_process() -> None:
    code = (
        "import hashlib\n"
        "from awards_app.adapters import pdf\n"
        "from tests.adapters.paper_samples import CERTIFICATE as text, INSTANT\n"
        "print(hashlib.sha256(pdf.render_certificate(text, identifier=text.number, created_at=INSTANT)).hexdigest())\n"
    )
    environment = {**os.environ, "PYTHONHASHSEED": "7", "TZ": "Indian/Reunion"}
    run = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, env=environment, capture_output=True, text=True, check=True
    )

    assert run.stdout.strip() == sha256(printed()).hexdigest()


def test_a_batch_gives_each_certificate_the_bytes_it_has_alone() -> None:
    texts = [
        CERTIFICATE,
        replace(CERTIFICATE, kind="attestation", number="B"),
        replace(CERTIFICATE, structure_name="L’Œuvre", number="C", region_code=None),
        replace(CERTIFICATE, structure_name=LONG[:300], citation=CERTIFICATE.citation * 12, number="D"),
    ]

    batch = printer.render_certificates(
        texts, identifiers=[text.number for text in texts], created_at=INSTANT
    )

    assert batch == [
        printer.render_certificate(text, identifier=text.number, created_at=INSTANT) for text in texts
    ]


@pytest.mark.parametrize("kind", ["diploma", "attestation"])
@pytest.mark.parametrize(
    "name", ["W" * 300, LONG[:300], "é\u0301\u0302\u0303\u0304\u0305\u0306" * 30, "جمعية " * 50, "你好" * 150]
)
def test_a_long_name_stays_on_one_page_and_is_whole(kind: str, name: str) -> None:
    pdf = opened(printed(kind=kind, structure_name=name))

    assert len(pdf.pages) == 1


@pytest.mark.parametrize(
    ("text", "side"),
    [
        ("جمعية التضامن (مرسيليا) 2027", "rtl"),
        ("2027 « עמותה »", "rtl"),
        ("Association جسر", "ltr"),
        ("13 en action", "ltr"),
        ("你好", "ltr"),
        ("", "ltr"),
    ],
)
def test_a_text_is_set_from_the_side_where_its_script_begins(text: str, side: str) -> None:
    assert direction(text) == side


def test_a_long_latin_name_is_whole() -> None:
    lines = words(opened(printed(structure_name="W" * 300))).split("\n")

    assert sum(len(line) for line in lines if set(line) == {"W"}) == 300


def test_a_citation_that_no_size_makes_fit_is_refused() -> None:
    with pytest.raises(printer.PaperIsFull, match="ESS-2021-7K4M"):
        printed(citation="Pour une action remarquable. " * 400)


def test_direction_controls_and_markup_in_a_name_are_harmless() -> None:
    lines = words(opened(printed(structure_name="Abc\u202etxt.exe <b>&amp;</b>"))).split("\n")

    assert "Abctxt.exe <b>&amp;</b>" in lines


def test_no_two_numbers_have_the_same_drawing() -> None:
    def drawing(number: str) -> bytes:
        pdf = opened(printed(number=number))
        curves = pdf.pages[0].Resources.XObject
        return b"".join(curves[f"/Curve{rank}"].read_bytes() for rank in range(3))

    assert len({drawing(number) for number in ("A1", "A2", "A3")}) == 3
    assert drawing("A1") == drawing("A1")


def test_an_instant_without_zone_is_refused() -> None:
    with pytest.raises(ValueError, match="zone"):
        printer.render_certificate(CERTIFICATE, identifier="x", created_at=INSTANT.replace(tzinfo=None))


def test_what_no_font_draws_is_named() -> None:
    assert printer.undrawn_characters("Œuvre n° 13, 1\u202f000\u00a0€") == ""
    assert printer.undrawn_characters("Œuvre \U00012f90 \U00012f90") == "\U00012f90"
