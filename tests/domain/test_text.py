"""Text that people type: cleaned, counted, sorted and compared by one rule."""

import unicodedata

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from awards_app.domain.text import (
    TextIsInvalid,
    clean_line,
    clean_text,
    count_signs,
    near_name,
    same_name,
    slugify,
    sort_key,
)

NAMES = [
    "Null",
    "O’Brien",
    "d'Ornano",
    "X",
    "Test",
    "1901",
    "ÉCOLE DE L’ÉTÉ",
    "Ł",
    "مرحبا",
    "👩‍👩‍👧",
    "=1+1",
    "a" * 200,
]


@pytest.mark.parametrize(
    ("text", "signs"),
    [
        ("", 0),
        ("abc", 3),
        ("a\r\nb", 3),
        ("a\rb\nc", 5),
        ("e\u0301", 1),
        ("👩‍👩‍👧", 5),
        (" a ", 3),
        ("\u00a0", 1),
    ],
)
def test_signs_are_code_points_after_nfc(text, signs):
    assert count_signs(text) == signs


@pytest.mark.parametrize("name", NAMES)
def test_names_are_kept_exactly(name):
    assert (clean_line(name), clean_text(name)) == (name, name)


@pytest.mark.parametrize(
    ("typed", "line", "text"),
    [
        ("  L’e\u0301toile\r\n bleue ", "L’étoile bleue", "  L’étoile\n bleue "),
        ("abc\u202egpj.exe", "abcgpj.exe", "abc\u202egpj.exe"),
        ("e\x07\u0301tat", "état", "état"),
        ("e\u202e\u0301tat", "état", "e\u202e\u0301tat"),
        ("a\uffffb\ufffec", "abc", "abc"),
        ("a\u2066b\u2069\u200f\ufeff", "ab", "a\u2066b\u2069\u200f\ufeff"),
        ("a\x07b\x1b[31m\x85", "ab[31m", "ab[31m"),
        ("a\x0bb\x0c\r\nc", "a b c", "a\nb\n\nc"),
        ("a\u2028b\tc", "a b c", "a\u2028b\tc"),
        ("12\u00a0%\u202f!", "12\u00a0%\u202f!", "12\u00a0%\u202f!"),
    ],
)
def test_cleaning(typed, line, text):
    assert (clean_line(typed), clean_text(typed)) == (line, text)


@pytest.mark.parametrize("text", ["a\x00b", "\ud800", "a\udfff"])
def test_what_no_text_holds_is_refused(text):
    for clean in (clean_text, clean_line):
        with pytest.raises(TextIsInvalid):
            clean(text)


@settings(max_examples=60, deadline=None)
@given(st.text(st.characters(codec="utf-8", exclude_characters="\0"), max_size=40))
def test_cleaning_twice_is_cleaning_once_and_both_forms_agree(text):
    for clean in (clean_text, clean_line):
        cleaned = clean(text)
        assert clean(cleaned) == cleaned
        assert clean(unicodedata.normalize("NFD", text)) == cleaned
    assert count_signs(clean_text(text)) == len(clean_text(text))


def test_sorting_as_french_people_expect():
    names = ["Œuvre", "Zèbre", "école", "Ecole 2", "ÉCOLE", "Offre", "Æther", "aérien", "Øre", "Łódź"]
    assert sorted(names, key=sort_key) == [
        "aérien", "Æther", "école", "ÉCOLE", "Ecole 2", "Łódź", "Œuvre", "Offre", "Øre", "Zèbre",
    ]  # fmt: skip
    assert sort_key("  L’ŒIL \u00a0dé\u0301jà ") == "l'oeil deja"


@pytest.mark.parametrize(
    ("typed", "name", "same", "near"),
    [
        ("la machinerie", "La Machinerie", True, False),
        ("  LA\u00a0 MACHINERIE ", "La Machinerie", True, False),
        ("L'e\u0301toile", "L’Étoile", True, False),
        ("L’Etoile", "L’Étoile", False, True),
        ("Chime", "Shine", False, True),
        ("La Machinrie", "La Machinerie", False, True),
        ("La Mahcinerie", "La Machinerie", False, True),
        ("Or", "Os", False, True),
        ("Aoc", "Oac", False, True),
        ("Un", "Os", False, False),
        ("Les Jardins", "La Machinerie", False, False),
        ("", "La Machinerie", False, False),
        ("La Machinerie Amiens", "La Machinerie", False, False),
    ],
)
def test_read_back(typed, name, same, near):
    assert (same_name(typed, name), near_name(typed, name), near_name(name, typed)) == (same, near, near)


@pytest.mark.parametrize(
    ("title", "slug"),
    [
        ("L’Œuvre d’été : 12 % d’énergie", "l-oeuvre-d-ete-12-d-energie"),
        ("مرحبا", ""),
        ("../../etc", "etc"),
        ("mot " * 40, "-".join(["mot"] * 20)),
        ("a" * 100, "a" * 80),
    ],
)
def test_slugs(title, slug):
    assert slugify(title) == slug
