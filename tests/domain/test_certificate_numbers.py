"""What a person types, pastes or reads aloud is the number that is printed; what is not one is none."""

import pytest

from awards_app.domain.certificates import read_number

NUMBER = "ESS-0K1F-WY50-J4JQ-P5PH"


@pytest.mark.parametrize(
    "typed",
    [
        NUMBER,
        NUMBER.lower(),
        NUMBER.replace("-", " "),
        NUMBER.replace("-", "\u2212"),
        NUMBER.replace("-", "_"),
        NUMBER.replace("-", "\u00a0"),
        NUMBER.replace("-", "\u200b"),
        NUMBER.removeprefix("ESS-"),
        "essokif wy5o j4jq p5ph",
        "ＥＳＳ－０Ｋ１Ｆ－ＷＹ５０－Ｊ４ＪＱ－Ｐ５ＰＨ",
        f"N° {NUMBER}",
        f"n°{NUMBER}",
        f"no. {NUMBER}",
        f" {NUMBER}. ",
        f"{NUMBER}.pdf",
        f"https://prix.example/certificats/{NUMBER}",
        f"https://prix.example/certificats/{NUMBER}/",
        f"https://prix.example/certificats/{NUMBER}/telecharger",
    ],
)
def test_however_it_is_written_it_is_the_number(typed):
    assert read_number(typed) == NUMBER


def test_a_number_whose_first_group_begins_like_the_prefix_needs_no_prefix():
    assert read_number("ESSA-0K1F-WY50-J4JQ") == "ESS-ESSA-0K1F-WY50-J4JQ"
    assert read_number("ESS-ESSA-0K1F-WY50-J4JQ") == "ESS-ESSA-0K1F-WY50-J4JQ"


@pytest.mark.parametrize(
    "typed",
    [
        "",
        "ESS",
        f"{NUMBER}-P5PH",
        f"{NUMBER} {NUMBER}",
        NUMBER[:-1],
        NUMBER[:-1] + "U",
        NUMBER[:-1] + "é",
        f"../certificats/{NUMBER}/../x",
        "<script>alert(1)</script>",
        "x" * 5000,
    ],
)
def test_what_is_not_one_is_none(typed):
    assert read_number(typed) is None
