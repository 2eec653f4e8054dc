"""The invented people, structures and texts of the demonstration."""

import re
from pathlib import Path
from random import Random

import pytest

import awards_app.demonstration
import awards_app.presets
from awards_app.demonstration.files import archetypes, comment_bank
from awards_app.demonstration.names import generated_structures, siren_key
from awards_app.demonstration.people import jurors
from awards_app.demonstration.places_fr import LOCATED
from awards_app.demonstration.real import NOTICE, real_project, real_structures
from awards_app.demonstration.texts import citation_for, comment_for, overall_comment, project_for
from awards_app.demonstration.wording import at_place, listed, number, of_place
from awards_app.domain import identifiers
from awards_app.domain.preset import load_preset

FOLDER = Path(awards_app.demonstration.__file__).parent
PRESET = load_preset(Path(awards_app.presets.__file__).parent / "prix-ess.toml")


@pytest.fixture(scope="module")
def structures():
    return generated_structures(Random(2023), 515, year=2026)


@pytest.fixture(scope="module")
def projects(structures):
    rng = Random(515)
    return [project_for(rng, structure, structure.theme) for structure in structures]


def test_the_same_seed_makes_the_same_edition(structures, projects):
    again = generated_structures(Random(2023), 515, year=2026)
    rng = Random(515)
    assert again == structures
    assert [project_for(rng, row, row.theme).answers for row in again] == [
        project.answers for project in projects
    ]


def test_names_and_identifiers_are_never_shared(structures):
    assert len({row.name for row in structures}) == 515
    held = [number for row in structures for number in (row.siren, row.rna) if number]
    assert len(held) == len(set(held))


def test_every_structure_has_one_identifier_that_the_rules_accept(structures):
    for row in structures:
        if row.siren:
            assert identifiers.siren(row.siren) == row.siren
        if row.rna:
            assert identifiers.rna(row.rna) == row.rna
        if row.court_register:
            assert identifiers.court_register(row.court_register) == row.court_register
    assert [row.name for row in structures if not (row.siren or row.rna or row.court_register)] == []


def test_alsace_moselle_associations_have_a_court_register_number(structures):
    local = [
        row for row in structures if row.department_code in ("57", "67", "68") and row.family == "association"
    ]
    assert local != []
    assert {(row.rna, row.legal_form) for row in local} == {(None, "association_alsace_moselle")}


def test_departments_and_forms_are_those_of_the_preset(structures):
    regions = {region.code: {row.code for row in region.departments} for region in PRESET.regions}
    forms = {family.code: {form.code for form in family.forms} for family in PRESET.legal_families}
    assert [row.name for row in structures if row.department_code not in regions[row.region_code]] == []
    assert [row.name for row in structures if row.legal_form not in forms[row.family]] == []
    assert {row.region_code for row in structures} == set(regions)


def test_everyone_is_old_enough_to_apply(structures):
    assert max(row.created_on for row in structures).year == 2023


def test_known_names_are_avoided(structures):
    taken = {row.name for row in structures}
    others = generated_structures(Random(2023), 60, year=2026, known_names=taken)
    assert taken & {row.name for row in others} == set()


def test_texts_fit_the_limits_of_the_form(projects):
    limits = {q.code: q.limit for q in PRESET.questions if q.limit}
    assert max(len(project.title) for project in projects) <= limits["title"]
    assert max(len(project.pitch) for project in projects) <= limits["pitch"]
    assert max(len(project.summary) for project in projects) <= limits["summary"]
    assert max(len(text) for project in projects for text in project.answers.values()) <= limits["need"]


def test_each_long_question_of_the_form_has_an_answer(structures, projects):
    for structure, project in zip(structures, projects, strict=True):
        asked = [
            q.code
            for q in PRESET.questions_for(structure.theme)
            if q.kind == "long_text" and q.code != "summary"
        ]
        assert sorted(project.answers) == sorted(asked)


def test_candidacies_do_not_look_alike(projects):
    assert len({row.code for theme in ("us", "te") for row in archetypes(theme)}) >= 60
    assert len({project.summary for project in projects}) == 515
    texts = [tuple(project.answers.values()) for project in projects]
    assert len(set(texts)) == 515


def test_no_blank_is_left_unfilled_and_spaces_are_french(projects):
    texts = [
        text for project in projects for text in (project.title, project.pitch, *project.answers.values())
    ]
    faults = [
        text
        for text in texts
        if re.search(r"[{}]|\w'\w| [:;?!»%€]|« |\bde [AEÉIOÎ]\w|\bà Les? |!|\.\.|  ", text)
    ]
    assert faults == []


def test_a_structure_may_file_in_the_other_theme(structures):
    social = next(row for row in structures if row.theme == "us")
    assert sorted(project_for(Random(1), social, "te").answers)[-2:] == ["te_measures", "te_people"]


def test_jurors_are_different_people_of_every_college():
    people = jurors(Random(7), 60)
    assert len({juror.person.email for juror in people}) == 60
    assert {juror.college for juror in people} == {
        "association", "mutual", "cooperative", "foundation", "commercial", "qualified",
    }  # fmt: skip
    assert 15 <= sum(juror.person.feminine for juror in people) <= 45


def test_comments_follow_the_mark():
    bank = comment_bank()
    assert set(bank) == {criterion.code for criterion in PRESET.criteria}
    rng = Random(3)
    for mark, tone in ((0, "low"), (1, "low"), (2, "middle"), (3, "high"), (4, "high")):
        assert comment_for(rng, "governance", mark) in bank["governance"][tone]


def test_an_overall_comment_says_the_best_then_the_weakest():
    bank = comment_bank()
    text = overall_comment(Random(4), {"need": 4, "territory": 0})
    assert text in {f"{high} {low}" for high in bank["need"]["high"] for low in bank["territory"]["low"]}


def test_a_citation_names_the_structure_or_its_place():
    text = citation_for(
        Random(1), name="Le Fil", title="Un toit", theme="us", region_code="04", city="Le Tampon"
    )
    assert text.count("Le Fil") == 1
    assert len(text.split(". ")) == 3


def test_regions_are_written_as_in_the_preset():
    assert {region.code: region.located for region in PRESET.regions} == LOCATED


@pytest.mark.parametrize(
    ("city", "of_city", "at_city"),
    [
        ("Angers", "d’Angers", "à Angers"),
        ("Le Havre", "du Havre", "au Havre"),
        ("Les Abymes", "des Abymes", "aux Abymes"),
        ("La Rochelle", "de La Rochelle", "à La Rochelle"),
        ("Hyères", "d’Hyères", "à Hyères"),
        ("Haguenau", "de Haguenau", "à Haguenau"),
        ("Étampes", "d’Étampes", "à Étampes"),
        ("L’Île-Rousse", "de L’Île-Rousse", "à L’Île-Rousse"),
    ],
)
def test_small_words_before_a_place(city, of_city, at_city):
    assert (of_place(city), at_place(city)) == (of_city, at_city)


def test_numbers_and_lists():
    assert (number(1234567), listed(["a", "b", "c"]), listed(["a"])) == (
        "1\u202f234\u202f567",
        "a, b et c",
        "a",
    )


def test_the_key_of_a_known_siren():
    assert siren_key("73282932") == "0"


def test_real_organisations_come_once_and_blanks_stay_blank():
    rows = {row.name: row for row in real_structures()}
    assert len(rows) == 51
    assert rows["Optim'ism"].years == (2018, 2023)
    assert (rows["Acadia"].family, rows["Acadia"].city, rows["Acadia"].summary) == ("", "", "")
    assert real_project(rows["Acadia"], "us") is None


def test_nobody_is_made_to_say_what_they_did_not_write():
    project = real_project(next(row for row in real_structures() if row.name == "Toutenvélo"), "te")
    assert project is not None
    assert {text.startswith(NOTICE) for text in project.answers.values()} == {True}


def test_french_typography_in_the_sentence_files():
    faults = []
    for path in sorted(FOLDER.glob("*.toml")):
        for rank, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
            if not line.startswith("#") and re.search(r"\w'\w| [:;?!»]|« |!", line):
                faults.append(f"{path.name}:{rank}")
    assert faults == []
