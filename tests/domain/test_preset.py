"""The preset of the prize, and the checks that refuse a faulty one."""

import re
from datetime import UTC, datetime
from pathlib import Path

import pytest

import awards_app.presets
from awards_app.domain.preset import PresetError, load_preset, parse_preset

FOLDER = Path(awards_app.presets.__file__).parent
MAIN = FOLDER / "prix-ess.toml"


@pytest.fixture(scope="module")
def preset():
    return load_preset(MAIN)


def changed(old: str, new: str) -> str:
    """The whole preset as one text, with one passage replaced; the passage must exist."""
    whole = "\n".join(
        path.read_text(encoding="utf-8") for path in [MAIN, *sorted(set(FOLDER.glob("*.toml")) - {MAIN})]
    )
    whole = re.sub(r"^include = .*$", "", whole, flags=re.MULTILINE)
    assert old in whole
    return whole.replace(old, new, 1)


def test_eighteen_regions_hold_the_hundred_and_one_departments(preset):
    assert sorted(region.code for region in preset.regions) == [
        "01", "02", "03", "04", "06", "11", "24", "27", "28", "32", "44", "52", "53", "75", "76", "84", "93", "94",
    ]  # fmt: skip
    assert len({department.code for region in preset.regions for department in region.departments}) == 101


def test_overseas_regions_have_their_own_zone(preset):
    away = {region.code: region.zone for region in preset.regions if region.zone != "Europe/Paris"}
    assert away == {
        "01": "America/Guadeloupe",
        "02": "America/Martinique",
        "03": "America/Cayenne",
        "04": "Indian/Reunion",
        "06": "Indian/Mayotte",
    }


def test_the_call_closes_at_the_local_hour_and_the_national_embargo_in_paris(preset):
    moments = {moment.code: moment for moment in preset.calendar}
    closing = moments["call_closes"]
    assert closing.instant(2026, "Indian/Reunion") == datetime(2026, 6, 30, 19, 59, tzinfo=UTC)
    assert closing.instant(2026, "America/Martinique") == datetime(2026, 7, 1, 3, 59, tzinfo=UTC)
    embargo = moments["national_embargo"]
    assert embargo.instant(2026, "Indian/Reunion") == datetime(2026, 11, 4, 17, 0, tzinfo=UTC)


def test_calendar_runs_in_order(preset):
    moments = {moment.code: moment.local(2026) for moment in preset.calendar}
    codes = ["call_opens", "call_closes", "admissibility_opens", "admissibility_closes", "regional_jury_opens",
             "regional_jury_closes", "national_jury_opens", "national_jury_closes", "national_embargo"]  # fmt: skip
    assert [moments[code] for code in codes] == sorted(moments[code] for code in codes)


def test_regional_weights_are_those_proposed(preset):
    grid = next(grid for grid in preset.grids if grid.level == "regional")
    assert {theme: tuple(weights.values()) for theme, weights in grid.weights.items()} == {
        "us": (20, 25, 5, 15, 15, 10, 10),
        "te": (15, 10, 30, 15, 10, 10, 10),
    }
    assert (grid.top_level, grid.shown_out_of, grid.official) == (4, 100, False)


def test_national_grid_adds_reach(preset):
    regional, national = preset.grids
    assert national.criteria == (*regional.criteria, "reach")
    assert [criterion.code for criterion in preset.criteria_of(national)] == list(national.criteria)


def test_each_level_has_its_own_words(preset):
    words = [level for criterion in preset.criteria for level in criterion.levels]
    assert len(words) == len(set(words)) == 40


def test_prizes_and_endowments(preset):
    rows = {prize.code: (prize.outcome, prize.places, prize.per_theme) for prize in preset.prizes}
    assert rows == {
        "national_entry": ("national_entry", 1, True),
        "regional_title": ("title", 1, True),
        "regional_endowment": ("endowment", 1, False),
        "regional_special": ("special", 1, False),
        "nominee": ("nominee", 3, True),
        "laureate": ("laureate", 1, True),
        "national_special": ("special", 1, False),
    }
    lines = [(line.kind, line.amount) for prize in preset.prizes for line in prize.endowments]
    assert lines == [("cash", 1000), ("cash", 5000), ("in_kind", None)]


def test_the_two_themes_are_asked_their_own_questions(preset):
    own = {theme: [q.code for q in preset.questions_for(theme) if q.theme] for theme in ("us", "te")}
    assert own == {"us": ["us_inequalities", "us_environment"], "te": ["te_measures", "te_people"]}


def test_jurors_never_read_contacts_nor_administrative_papers(preset):
    private = {q.code for q in preset.questions if q.section == "contact" or q.administrative}
    assert {q.code for q in preset.questions if q.code in private and q.audience != "staff"} == set()
    assert {q.code for q in preset.questions if q.administrative} == {"statutes", "accounts"}


def test_the_newsletter_is_the_only_optional_undertaking(preset):
    optional = [q.code for q in preset.questions if q.section == "undertakings" and not q.required]
    assert optional == ["newsletter"]


def test_each_criterion_of_the_regions_is_informed_by_a_question(preset):
    asked = {q.criterion for q in preset.questions if q.criterion}
    assert asked == set(preset.grids[0].criteria)


def test_french_typography_in_every_file():
    faults = []
    for path in sorted(FOLDER.glob("*.toml")):
        for rank, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
            if not line.startswith("#") and re.search(r"\w'\w| [:;?!»]|« |!", line):
                faults.append(f"{path.name}:{rank}")
    assert faults == []


@pytest.mark.parametrize(
    ("old", "new", "key"),
    [
        ("need = 20\n", "need = 21\n", "grids[0].weights.us"),
        ("need = 20\n", 'need = "20"\n', "grids[0].weights.us.need"),
        ("need = 20\n", "needs = 20\n", "grids[0].weights.us.needs"),
        ('kind = "phone"', 'kind = "telephone"', "questions[4].kind"),
        ('code = "te"\n', 'code = "us"\n', "themes[1].code"),
        ('at = "05-15T09:00"', 'at = "15 mai"', "calendar[0].at"),
        ('at = "05-15T09:00"', 'at = "02-30T09:00"', "calendar[0].at"),
        ('zone = "Indian/Mayotte"', 'zone = "Mayotte"', "regions[12].zone"),
        ("minimum_age_months = 24", "minimum_age = 24", "rules.minimum_age"),
        ("minimum_readers = 3\n", "", "rules.minimum_readers"),
        ("amount = 1000, ", "", "prizes[2].endowments[0].amount"),
        ('outcome = "laureate"', 'outcome = "winner"', "prizes[5].outcome"),
        ('reason = "not_ess"', 'reason = "none"', "checklist[0].reason"),
        ("Bonjour {person}", "Bonjour {prenom}", "messages[0].body"),
        ("Bonjour {person}", "Bonjour {person", "messages[0].body"),
        ('accept = ["pdf"]\n', "", "questions[33].accept"),
        ('criterion = "need"', 'criterion = "besoin"', "questions[16].criterion"),
    ],
)
def test_an_error_names_its_key(old, new, key):
    with pytest.raises(PresetError) as caught:
        parse_preset(changed(old, new))
    assert caught.value.key == key


def test_a_key_written_in_two_files_is_refused():
    with pytest.raises(PresetError) as caught:
        parse_preset('code = "a"', 'code = "b"')
    assert caught.value.key == "code"
