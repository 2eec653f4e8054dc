"""The real past editions and honours, and the lines that would spoil them."""

import csv
from datetime import date
from pathlib import Path

import pytest

from awards_app.domain.honours_lines import (
    EDITIONS_HEADERS,
    HONOURS_HEADERS,
    HonoursFileIsUnknown,
    honour_key,
    read_editions,
    read_honours,
    recognise_headers,
)
from tests.domain.import_context import Line

REGIONS = {
    code: code
    for code in [
        "01",
        "02",
        "03",
        "04",
        "06",
        "11",
        "24",
        "27",
        "28",
        "32",
        "44",
        "52",
        "53",
        "75",
        "76",
        "84",
        "93",
        "94",
    ]
}
GOOD = {
    "edition_year": "2021",
    "level": "regional",
    "distinction": "laureate",
    "organisation": "La Ruche",
    "region_code": "4",
}


def row_of(number: int = 2, **cells: str) -> Line:
    return Line(number, tuple({**GOOD, **cells}.get(header, "") for header in HONOURS_HEADERS))


def refusals(*rows: Line) -> list[tuple[int, str, str]]:
    _, report = read_honours(HONOURS_HEADERS, rows, REGIONS)
    return [(error.line, error.column, error.reason) for error in report.refused]


def real_rows(name: str) -> tuple[tuple[str, ...], list[Line]]:
    path = Path(__file__).parents[2] / "awards_app" / "data" / name
    with path.open(encoding="utf-8", newline="") as source:
        lines = list(csv.reader(source))
    return tuple(lines[0]), [Line(number, tuple(cells)) for number, cells in enumerate(lines[1:], start=2)]


def test_the_two_files_are_told_apart_by_their_headers():
    assert recognise_headers(HONOURS_HEADERS) == "honours"
    assert recognise_headers(EDITIONS_HEADERS) == "editions"
    with pytest.raises(HonoursFileIsUnknown):
        recognise_headers(("year", "title", "type"))


def test_a_line_gives_what_it_says_and_blanks_stay_blank():
    lines, report = read_honours(
        HONOURS_HEADERS, [row_of(legal_family="unknown", amount_eur="1000")], REGIONS
    )
    assert (lines[0].edition_year, lines[0].level, lines[0].distinction) == (2021, "regional", "laureate")
    assert (lines[0].structure_name, lines[0].region_code, lines[0].amount_eur) == ("La Ruche", "04", 1000)
    assert (lines[0].legal_family, lines[0].theme, lines[0].summary, lines[0].source_url) == (
        None,
        None,
        None,
        None,
    )
    assert report.as_json() == {"read": 1, "taken": 1, "incomplete": 0, "refused": []}


@pytest.mark.parametrize(
    ("column", "text", "reason"),
    [
        ("level", "local", "« local » n’est pas l’une des valeurs connues : regional, national."),
        ("distinction", "", "«  » n’est pas l’une des valeurs connues : laureate, nominee, selected, favourite, public_vote."),
        ("edition_year", "1999", "« 1999 » n’est pas une année entre 2000 et 2100."),
        ("edition_year", "2021.0", "« 2021.0 » n’est pas une année entre 2000 et 2100."),
        ("organisation", " ", "Le nom de la structure manque."),
        ("amount_eur", "mille", "« mille » n’est pas un nombre entier."),
        ("amount_eur", "-5", "« -5 » n’est pas un nombre entier."),
        ("region_code", "99", "La région « 99 » est inconnue."),
        ("source_url", "javascript:x", "« javascript:x » n’est pas une adresse internet."),
    ],
)  # fmt: skip
def test_a_wrong_cell_refuses_the_line(column, text, reason):
    assert refusals(row_of(5, **{column: text})) == [(5, column, reason)]


def test_a_distinction_written_twice_is_refused_the_second_time():
    assert refusals(row_of(2), row_of(3, theme="Utilité sociale"), row_of(4, organisation="LA RUCHE")) == [
        (4, "organisation", "Cette ligne répète la ligne 2.")
    ]


def test_every_real_honour_is_taken_and_has_its_own_key():
    headers, rows = real_rows("palmares.csv")
    lines, report = read_honours(headers, rows, REGIONS)
    assert report.as_json() == {"read": 57, "taken": 57, "incomplete": 0, "refused": []}
    assert len({honour_key(line) for line in lines}) == 57
    assert [line.amount_eur for line in lines].count(None) == 31


def test_every_real_edition_is_taken():
    headers, rows = real_rows("editions.csv")
    lines, report = read_editions(headers, rows)
    assert report.as_json() == {"read": 11, "taken": 11, "incomplete": 0, "refused": []}
    assert [line.edition_year for line in lines] == list(range(2015, 2026))
    edition = lines[3]
    assert (edition.call_opens, edition.call_closes, edition.candidacies) == (None, date(2018, 9, 26), 500)
    assert edition.themes == (
        "Transition écologique", "Égalité femmes-hommes", "Utilité sociale", "Coup de cœur des internautes",
    )  # fmt: skip
