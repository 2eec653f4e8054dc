"""Cells of an export: never a formula, never another number, always the same count of rows and columns."""

import csv
import io

import pytest

from awards_app.domain.csv_cells import csv_lines, safe_cell


@pytest.mark.parametrize(
    "text",
    [
        "=1+1",
        "+33 6",
        "-cmd",
        "@SUM(A1)",
        "\t=1",
        "\r=1",
        "\n=1",
        "\u00a0=1",
        "\ufeff=1",
        "＝1",
        "＋1",
        "－1",
        "＠x",
        "{=1+1}",
        "'=1",
        ";=1",
        '"=1',
        "-5-3",
    ],
)
def test_what_a_spreadsheet_would_compute_starts_with_an_apostrophe(text: str) -> None:
    assert safe_cell(text) == f"'{text}"


@pytest.mark.parametrize(
    "text", ["-5", "1234,56", "-0,5", "00123", "1E5", "12/03", "http://exemple.fr", "L’été – ici", ""]
)
def test_what_computes_nothing_stays_as_it_is(text: str) -> None:
    assert safe_cell(text) == text


def test_numbers_and_blanks() -> None:
    assert [safe_cell(-5), safe_cell(None), safe_cell(0)] == ["-5", "", "0"]


def test_a_table_parses_back_to_the_same_rows_and_columns() -> None:
    rows = [("a;b", 'dit "oui"', "deux\nlignes", "cr\rnu"), ("\x00nul", "x" * 100_000, "", "é")]
    text = "".join(csv_lines(("un", "deux", "trois", "quatre"), rows))
    assert text.startswith("\ufeff")
    parsed = list(csv.reader(io.StringIO(text.removeprefix("\ufeff"), newline=""), delimiter=";"))
    assert parsed == [["un", "deux", "trois", "quatre"], list(rows[0]), ["nul", "x" * 100_000, "", "é"]]
