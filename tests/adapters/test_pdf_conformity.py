"""Every paper, read by a validator of PDF/UA-1 and PDF/A-2a that is not ours and passes the corpus of veraPDF."""

import re
from collections.abc import Callable
from dataclasses import replace
from functools import cache
from io import BytesIO
from pathlib import Path
from tempfile import mkdtemp

import page as validator
import pikepdf
import pytest

from awards_app.adapters import pdf as printer
from awards_app.adapters.pdf.booklet import render_guide
from awards_app.adapters.signing import PlatformSeal
from awards_app.adapters.signing_keys import make_key, read_credentials
from awards_app.domain.papers import Watermark
from tests.adapters import matterhorn
from tests.adapters.paper_reading import elements, opened
from tests.adapters.paper_samples import ADDENDUM, CERTIFICATE, GUIDE, INSTANT, MINUTES, RECEIPT

# Where compressed bytes end with a carriage return, the validator counts it with the end of line that follows.
_AMBIGUOUS_LENGTH = "-STREAM-LENGTH-001"


@cache
def _seal() -> PlatformSeal:
    path = Path(mkdtemp()) / "key.pem"
    make_key(path, "Prix de l’ESS (essai)", INSTANT)
    return PlatformSeal(read_credentials(str(path), ""))


def _certificate(kind: str, *, is_sample: bool = False, is_signed: bool = False) -> bytes:
    text = replace(CERTIFICATE, kind=kind, sample=is_sample)
    seal = _seal() if is_signed else None
    paper = printer.render_certificate(text, identifier="ESS-1", created_at=INSTANT, seal=seal)
    return printer.signed(paper, seal) if seal else paper


def _marked(paper: bytes) -> bytes:
    return printer.EmbargoMark(Watermark("marie@chambre.example", "20 novembre 2025 à 14 h 05")).on(paper)


def _minutes() -> bytes:
    return printer.render_minutes(MINUTES, identifier="PV", created_at=INSTANT)


PAPERS: dict[str, Callable[[], bytes]] = {
    "diploma": lambda: _certificate("diploma"),
    "diploma signed": lambda: _certificate("diploma", is_signed=True),
    "diploma from right to left": lambda: printer.render_certificate(
        replace(CERTIFICATE, structure_name="جمعية التضامن (مرسيليا) 2027", citation="تقديراً لعملها"),
        identifier="ESS-1",
        created_at=INSTANT,
    ),
    "attestation": lambda: _certificate("attestation"),
    "attestation signed": lambda: _certificate("attestation", is_signed=True),
    "specimen": lambda: _certificate("diploma", is_sample=True),
    "diploma under embargo": lambda: _marked(_certificate("diploma")),
    "signed diploma under embargo": lambda: _marked(_certificate("diploma", is_signed=True)),
    "minutes": _minutes,
    "minutes under embargo": lambda: _marked(_minutes()),
    "addendum": lambda: printer.render_addendum(ADDENDUM, identifier="AD", created_at=INSTANT),
    "receipt": lambda: printer.render_receipt(RECEIPT, identifier="AR", created_at=INSTANT),
    "guide": lambda: render_guide(GUIDE, identifier="G", created_at=INSTANT)[0],
}


@cache
def _paper(name: str) -> bytes:
    return PAPERS[name]()


def faults(content: bytes, profile: str) -> list[tuple[str, str]]:
    report = validator.validate_pdf_bytes(content, profile=profile)
    return [
        (fault.rule_id, fault.message)
        for fault in report.failures
        if not (fault.rule_id.endswith(_AMBIGUOUS_LENGTH) and _lengths_are_true(content))
    ]


def _lengths_are_true(content: bytes) -> bool:
    streams = list(re.finditer(rb"/Length (\d+)[^>]*>>\s*stream\r?\n", content))
    ends = [content[found.end() + int(found[1]) :] for found in streams]
    return bool(streams) and all(end.lstrip(b"\r\n").startswith(b"endstream") for end in ends)


@pytest.mark.parametrize("profile", ["ua1", "2a"])
@pytest.mark.parametrize("name", sorted(PAPERS))
def test_a_paper_is_what_it_claims(name: str, profile: str) -> None:
    assert faults(_paper(name), profile) == []


@pytest.mark.parametrize("name", sorted(PAPERS))
def test_a_paper_meets_what_a_machine_can_check_of_matterhorn(name: str) -> None:
    assert matterhorn.faults(_paper(name)) == []


def test_a_marked_copy_bears_no_signature() -> None:
    marked = opened(_paper("signed diploma under embargo"))

    assert [name for name in ("/AcroForm", "/Perms") if name in marked.Root] == []
    assert [str(one.Subtype) for one in marked.pages[0].Annots] == ["/Link"]
    assert b"/ByteRange" not in _paper("signed diploma under embargo")


@pytest.mark.parametrize(
    ("spoil", "expected"),
    [
        (lambda pdf: pdf.Root.MarkInfo.__delitem__("/Marked"), "06-03"),
        (lambda pdf: pdf.Root.__delitem__("/Lang"), "11-06"),
        (lambda pdf: pdf.Root.__delitem__("/OutputIntents"), "A-6.2.3"),
        (lambda pdf: pdf.pages[0].__delitem__("/Tabs"), "28-09"),
        (lambda pdf: pdf.pages[0].Annots[0].__delitem__("/Contents"), "28-12"),
        (lambda pdf: pdf.pages[0].contents_add(b"0 0 9 9 re f"), "01-05"),
        (lambda pdf: named(pdf, "/Figure").__delitem__("/Alt"), "13-04"),
        (lambda pdf: named(pdf, "/H1").__setitem__("/S", pikepdf.Name.H2), "14-02"),
    ],
)
def test_our_own_reading_sees_what_is_wrong(spoil: Callable[[pikepdf.Pdf], object], expected: str) -> None:
    document, spoiled = opened(_paper("diploma")), BytesIO()
    spoil(document)
    document.save(spoiled)

    assert {fault.partition(" ")[0] for fault in matterhorn.faults(spoiled.getvalue())} == {expected}


def named(pdf: pikepdf.Pdf, name: str) -> pikepdf.Object:
    return next(one for one in elements(pdf) if name == one.S)


def test_the_validator_sees_what_is_wrong() -> None:
    document, spoiled = opened(_paper("receipt")), BytesIO()
    del document.Root.MarkInfo
    del document.Root.OutputIntents
    document.save(spoiled)

    assert "PDFUA1-TAGGED-DOCUMENT-001" in dict(faults(spoiled.getvalue(), "ua1"))
    assert "PDFA2A-DEVICE-RGB-001" in dict(faults(spoiled.getvalue(), "2a"))


def test_each_link_of_the_contents_is_one_link() -> None:
    guide = opened(_paper("guide"))
    contents = [page for page in guide.pages if len(page.get("/Annots", ())) == len(GUIDE.initiatives)]
    links = [element for element in elements(guide) if element.S == "/Link"]

    assert len(contents) == 1
    assert len(links) == len(GUIDE.initiatives) + 5  # five addresses: each page, and the two sites


def test_a_fact_is_a_term_and_its_value() -> None:
    guide = opened(_paper("guide"))
    facts = [element for element in elements(guide) if element.S == "/Lbl"]

    assert [[str(kid.S) for kid in fact.P.K] for fact in facts] == [["/Lbl", "/LBody"]] * len(facts)
    assert len(facts) == 13
