"""Answers of each kind: kept as typed, filed in one form, refused with an example, shown to people."""

import json
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from awards_app.domain.departments_fr import DEPARTMENTS, REGIONS
from awards_app.domain.form_answers import filed_value, kept_value, problem_of, shown_value
from awards_app.domain.form_shapes import QuestionFacts
from awards_app.domain.indicator_tables import shown_cells
from awards_app.domain.preset import load_preset
from awards_app.domain.refusals import Refusal
from awards_app.domain.typed_numbers import shown_number
from awards_app.paths import PRESETS

QUESTION = QuestionFacts(
    "q", "s", "short_text", "Question", "", "", None, "", (), (), None, None, False, None, "jury", None
)
COLUMNS = [
    {"code": "name", "label": "Indicateur", "kind": "text", "unit": "", "required": True},
    {"code": "last", "label": "Valeur", "kind": "number", "unit": "t", "required": False},
]


def asked(kind: str, **changes: Any) -> QuestionFacts:
    return replace(QUESTION, kind=kind, **changes)


def filed(question: QuestionFacts, typed: str) -> str:
    return filed_value(question, kept_value(question.kind, typed))


@pytest.mark.parametrize(
    ("typed", "value", "shown"),
    [
        ("1 234,56", "1234.56", "1\u202f234,56\u00a0kWh"),
        ("1\u00a0234,56", "1234.56", "1\u202f234,56\u00a0kWh"),
        ("1\u202f234,56", "1234.56", "1\u202f234,56\u00a0kWh"),
        ("1.234,56", "1234.56", "1\u202f234,56\u00a0kWh"),
        ("12,50", "12.5", "12,5\u00a0kWh"),
        ("2025", "2025", "2025\u00a0kWh"),
        ("0", "0", "0\u00a0kWh"),
    ],
)
def test_a_number_with_its_unit(typed: str, value: str, shown: str) -> None:
    question = asked("number", settings={"decimals": 2})
    assert filed(question, typed) == value
    assert shown_value("number", value, (), {"unit": "kWh"}) == shown


@pytest.mark.parametrize("typed", ["1,234.56", "1.234", "12,345", "-5", "٣", "1e3", "NaN", "1 2345", "1,2,3"])
def test_a_number_that_could_be_two_is_refused_with_an_example(typed: str) -> None:
    problem = problem_of(asked("number", settings={"decimals": 2}), typed)
    assert problem == "Saisissez un nombre avec une virgule, par exemple 1 234,5."


def test_bounds_are_said() -> None:
    question = asked("integer", settings={"min": "10", "max": "2500"})
    assert problem_of(question, "3000") == "Saisissez un nombre entre 10 et 2\u202f500."
    assert problem_of(asked("integer", settings={"min": "1"}), "0") == (
        "Saisissez un nombre égal ou supérieur à 1."
    )
    assert filed(asked("number", settings={"min": "-40"}), "\u221212,5") == "-12.5"
    assert filed(asked("integer", settings={"min": "-40"}), "-12") == "-12"


@given(st.decimals(min_value=0, max_value=10**9, places=2, allow_nan=False))
def test_what_is_shown_is_read_as_the_same_number(number: Any) -> None:
    question = asked("number", settings={"decimals": 2})
    value = filed(question, f"{number:.2f}".replace(".", ","))
    assert filed(question, shown_value("number", value)) == value


@pytest.mark.parametrize(
    ("registers", "typed", "value", "shown"),
    [
        (["siret"], "356 000 000 00048", "35600000000048", "356\u00a0000\u00a0000\u00a000048"),
        (["siren"], "732 829 320", "732829320", "732\u00a0829\u00a0320"),
        ([], "w751234567", "W751234567", "W751234567"),
        ([], "Tribunal de Strasbourg, volume 91, folio 123",) + ("Tribunal de Strasbourg, volume 91, folio 123",) * 2,
    ],
)  # fmt: skip
def test_identifiers(registers: list[str], typed: str, value: str, shown: str) -> None:
    assert filed(asked("identifier", settings={"registers": registers}), typed) == value
    assert shown_value("identifier", value) == shown


def test_a_wrong_identifier_says_what_its_register_expects() -> None:
    wrong = problem_of(asked("identifier", settings={"registers": ["siren"]}), "732 829 321")
    assert "732 829 320" in str(wrong)
    assert "RNA W751234567" in str(problem_of(asked("identifier"), "12"))


def address(**parts: str) -> str:
    return json.dumps(parts, ensure_ascii=False)


@pytest.mark.parametrize(
    ("parts", "department", "region"),
    [
        ({"postcode": "35000", "city": "Rennes"}, "35", "53"),
        ({"postcode": "20000", "city": "Ajaccio", "commune": "2A004"}, "2A", "94"),
        ({"postcode": "20200", "city": "Bastia"}, "2B", "94"),
        ({"postcode": "97400", "city": "Saint-Denis"}, "974", "04"),
        ({"postcode": "97133", "city": "Gustavia"}, "977", ""),
        ({"postcode": "98713", "city": "Papeete"}, "987", ""),
        # A commune of Ain whose post comes through Savoie.
        ({"postcode": "73310", "city": "Ruffieux", "department": "01"}, "01", "84"),
        ({"postcode": "35000", "city": "Rennes", "region": "52"}, "35", "52"),
    ],
)
def test_the_department_and_the_region_follow_and_can_be_corrected(
    parts: dict[str, str], department: str, region: str
) -> None:
    value = json.loads(filed(asked("address"), address(street="1 rue du Port", **parts)))
    assert (value["department"], value.get("region", "")) == (department, region)


@pytest.mark.parametrize(
    ("parts", "sentence"),
    [
        ({"street": "1 rue"}, "Indiquez la voie, le code postal et la commune, par exemple 3 rue du Port, 35000 Rennes."),
                ({"postcode": "35000"}, "Indiquez la commune, par exemple Rennes."),
        ({"postcode": "35000", "city": "Rennes", "commune": "Rennes"}, "Le code officiel d’une commune a 5 signes, par exemple 2A004 pour Ajaccio."),
        ({"postcode": "35000", "city": "Rennes", "commune": "2A004", "department": "35"}, "Le code de la commune et le département ne vont pas ensemble."),
    ],
)  # fmt: skip
def test_an_address_that_is_refused(parts: dict[str, str], sentence: str) -> None:
    assert problem_of(asked("address"), kept_value("address", address(**parts))) == sentence


def test_a_foreign_address_keeps_its_own_postcode() -> None:
    value = filed(
        asked("address"),
        address(street="Rue Haute 4", postcode="B-1000", city="Bruxelles", country="Belgique"),
    )
    assert shown_value("address", value) == "Rue Haute 4, B-1000 Bruxelles, Belgique"
    french = filed(asked("address"), address(street="1 rue du Port", postcode="35000", city="Rennes"))
    assert shown_value("address", french) == "1 rue du Port, 35000 Rennes (Ille-et-Vilaine, Bretagne)"


def test_departments_are_those_of_the_preset() -> None:
    preset = load_preset(PRESETS / "prix-ess.toml")
    assert {region.code: region.name for region in preset.regions} == REGIONS
    assert {
        department.code: (region.code, department.name)
        for region in preset.regions
        for department in region.departments
    } == DEPARTMENTS


def test_a_table_is_kept_as_typed_and_filed_in_normal_form() -> None:
    question = asked("table", settings={"columns": COLUMNS, "max_rows": 3})
    typed = json.dumps([{"name": " Déchets  évités ", "last": "1 234,5"}, {"name": "", "last": " "}])
    kept = kept_value("table", typed)
    assert kept == '[{"last":"1 234,5","name":"Déchets évités"}]'
    value = filed_value(question, kept)
    assert value == '[{"last":"1234.5","name":"Déchets évités"}]'
    assert shown_cells(value, question.settings) == (
        ("Indicateur", "Valeur (t)"),
        ("Déchets évités", "1\u202f234,5"),
    )
    assert kept_value("table", "[{}]") == ""


@pytest.mark.parametrize(
    ("rows", "sentence"),
    [
        ([{"last": "3"}], "Ligne 1, « Indicateur » : cette case est attendue."),
        ([{"name": "a"}, {"name": "b", "last": "1,234.56"}],
         "Ligne 2, « Valeur » : Saisissez un nombre avec une virgule, par exemple 1 234,5."),
        ([{"name": "a"}] * 4, "Ce tableau a trop de lignes : 3 au plus."),
        ([{"name": "x" * 301}], "Ligne 1, « Indicateur » : 300 signes au plus."),
    ],
)  # fmt: skip
def test_a_table_says_which_cell_is_wrong(rows: list[dict[str, str]], sentence: str) -> None:
    question = asked("table", settings={"columns": COLUMNS, "max_rows": 3})
    said = problem_of(question, kept_value("table", json.dumps(rows)))
    assert str(said).replace("\u00a0", " ") == sentence


@pytest.mark.parametrize("typed", ["[1]", '{"a":"b"}', "[[]]", "pas du JSON", '[{"a": 1}]', "[" * 5000])
def test_what_is_no_table_is_refused(typed: str) -> None:
    with pytest.raises(Refusal):
        kept_value("table", typed)


@given(
    st.lists(st.dictionaries(st.sampled_from(["name", "last", "autre"]), st.text(max_size=20)), max_size=8)
)
def test_keeping_a_table_twice_is_keeping_it_once(rows: list[dict[str, str]]) -> None:
    try:
        kept = kept_value("table", json.dumps(rows))
    except Refusal:
        return
    assert kept_value("table", kept) == kept


def test_links_one_a_line() -> None:
    question = asked("links", max_count=2)
    kept = kept_value("links", "https://exemple.org \r\n\r\nhttps://autre.org")
    assert filed_value(question, kept) == "https://exemple.org\nhttps://autre.org"
    assert (
        str(problem_of(question, kept + "\nhttps://trois.org")) == "Indiquez 2 liens au plus, un par ligne."
    )


def test_choices_have_a_most() -> None:
    question = asked("multiple_choice", choices=(("a", "A"), ("b", "B"), ("c", "C")), max_count=2)
    assert filed(question, "c,a") == "a,c"
    assert str(problem_of(question, "a,b,c")) == "Choisissez 2 réponses au plus."


def test_a_postcode_that_is_none_is_refused_with_an_example() -> None:
    said = str(problem_of(asked("address"), kept_value("address", address(postcode="3500", city="Rennes"))))
    assert "par exemple 35000" in said


def test_an_imported_number_that_is_none_is_shown_as_it_was_written() -> None:
    assert [shown_number(text, "€") for text in ("environ 12", "", "NaN", "1E+3")] == [
        "environ 12",
        "",
        "NaN",
        "1000\u00a0€",
    ]
