"""Texts made fit for print."""

from awards_app.domain.papers import ReceiptSection, RecusalLine, drawable, drawable_text


def test_direction_controls_are_removed() -> None:
    assert drawable_text("Abc\u202egpj.exe\u2066x\u2069\u200f\u061c") == "Abcgpj.exex"


def test_controls_and_unassigned_characters_are_removed_and_spaces_single() -> None:
    assert drawable_text("  a\x00b\x07\ufdd0\ue000 \t c\r\nd  ") == "ab c\nd"


def test_french_spaces_and_joiners_are_kept() -> None:
    assert drawable_text("10\u202f000\u00a0€ می\u200cخواهم") == "10\u202f000\u00a0€ می\u200cخواهم"


def test_accents_are_composed_and_piles_cut() -> None:
    assert drawable_text("e\u0301") == "é"
    assert drawable_text("x" + "\u0301" * 40) == "x" + "\u0301" * 3


def test_texts_are_cleaned_however_deep() -> None:
    assert drawable(ReceiptSection("a\u202e", (("q\x00", "r\u202d"),))) == ReceiptSection("a", (("q", "r"),))
    assert drawable(RecusalLine("f\u2067", "j")) == RecusalLine("f", "j", "")
