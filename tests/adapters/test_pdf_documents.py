"""Minutes and receipts: plain, numbered, readable by a screen reader."""

from dataclasses import replace

import pikepdf

from awards_app.adapters import pdf as printer
from tests.adapters.paper_reading import elements, fonts, opened, words
from tests.adapters.paper_samples import INSTANT, MINUTES, PRINT, RECEIPT


def minutes(**changes: object) -> bytes:
    text = replace(MINUTES, **changes)  # type: ignore[arg-type]  # keyword names are fields of the text
    return printer.render_minutes(text, identifier="minutes", created_at=INSTANT)


def receipt() -> bytes:
    return printer.render_receipt(RECEIPT, identifier="receipt", created_at=INSTANT)


def test_minutes_and_receipt_are_tagged_titled_and_reproducible() -> None:
    for content, again, title in (
        (minutes(), minutes(), "Procès-verbal n° PV-2025-93-7K4M"),
        (receipt(), receipt(), "Accusé de réception n° AR-2025-7K4M"),
    ):
        pdf = opened(content)
        assert content == again
        assert str(pdf.docinfo.Title) == title
        assert str(pdf.Root.Lang) == "fr"
        assert bool(pdf.Root.ViewerPreferences.DisplayDocTitle) is True
        assert pdf.open_metadata()["{http://www.aiim.org/pdfua/ns/id/}part"] == "1"
        assert set(fonts(pdf).values()) == {True}


def test_every_table_header_says_what_it_heads() -> None:
    pdf = opened(minutes())
    headers = [element for element in elements(pdf) if element.S == "/TH"]

    assert {str(header.A.get("/Scope")) for header in headers} == {"/Row", "/Column"}
    assert sum(header.A.Scope == "/Row" for header in headers) == 11


def test_pages_are_numbered_and_carry_a_running_head() -> None:
    pdf = opened(minutes(watermark=None))
    last = len(pdf.pages)

    assert last > 2
    assert [
        f"page {number} / {last}" in words(pdf, number - 1).split("\n") for number in range(1, last + 1)
    ] == [True] * last
    assert "Procès-verbal de délibération" in words(pdf, 1).split("\n")
    assert "n° PV-2025-93-7K4M" in words(pdf, 1).split("\n")


def test_all_marked_content_hangs_from_the_tree_or_is_an_artifact() -> None:
    pdf = opened(minutes())
    reached = {element.objgen for element in elements(pdf)}
    numbers = pdf.Root.StructTreeRoot.ParentTree.Nums

    for rank, page in enumerate(pdf.pages):
        marks = [
            int(instruction.operands[1].MCID)
            for instruction in pikepdf.parse_content_stream(page)
            if str(instruction.operator) == "BDC"
        ]
        assert {numbers[2 * rank + 1][mark].objgen for mark in marks} <= reached


def test_minutes_say_all_that_was_decided() -> None:
    pdf = opened(minutes(watermark=None))
    text = " ".join("\n".join(words(pdf, page) for page in range(len(pdf.pages))).split())

    for said in (
        "mercredi 3 septembre 2025", "Présents (2)", "Inès Moreau", "2 membres sur 3 : atteint", "lien direct et actuel",
        "PACA-059", "87,25", "à bulletin secret", "La voix de la présidente l’emporte.", "« Pour son action. »",
        "Motif : Impact démontré.", "1 000 €", "Coup de cœur : aucune candidature ne s’est détachée", "9f86d081 884c7d65",
    ):  # fmt: skip
        assert said in text


def test_minutes_under_embargo_name_who_obtained_them() -> None:
    drawn = {
        name: b"".join(_forms(opened(minutes(watermark=mark))))
        for name, mark in (("with", MINUTES.watermark), ("without", None))
    }

    assert len(drawn["with"]) > len(drawn["without"])
    assert minutes() != minutes(watermark=replace(MINUTES.watermark, account="autre@chambre.example"))  # type: ignore[type-var]  # the sample has one


def test_a_hostile_account_cannot_write_into_the_style() -> None:
    mark = replace(MINUTES.watermark, account="x\"</text></svg>') } @page { size: 1mm } <")  # type: ignore[type-var]  # the sample has one
    pdf = opened(minutes(watermark=mark))

    assert [round(float(side)) for side in pdf.pages[0].MediaBox] == [0, 0, 595, 842]


def test_a_receipt_carries_files_prints_and_answers() -> None:
    text = words(opened(receipt()))

    assert "30 juin 2025 à 23 h 41 min 07 s, heure de La Réunion (UTC+4)" in text
    assert "statuts.pdf" in text
    assert PRINT[:8] in text
    assert "sans réponse" in text


def _forms(pdf: pikepdf.Pdf) -> list[bytes]:
    return [
        thing.read_bytes()
        for thing in pdf.objects
        if isinstance(thing, pikepdf.Stream) and thing.get("/Type") != "/Metadata"
    ]
