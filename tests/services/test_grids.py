"""The weights of a grid: whole numbers that sum to 100, changed by the national staff while nothing is scored."""

import pytest
from flask import Flask
from sqlalchemy import update

from awards_app.database import atomic
from awards_app.domain.refusals import IsForbidden, IsNotThePhase
from awards_app.models.editions import Round
from awards_app.queries.settings import settings_of
from awards_app.services.accounts import grant_role
from awards_app.services.grids import GridDoesNotHold, change_weights
from tests import filing_world as world

CODES = (
    "need",
    "social_impact",
    "ecological_impact",
    "governance",
    "territory",
    "economic_model",
    "innovation",
)


@pytest.fixture
def edition(context: Flask) -> int:
    return world.an_edition()


def staff() -> world.Holder:
    account_id = world.a_person("Nora")
    grant_role(None, account_id, "national_staff", None, world.BEFORE)
    return world.holder(account_id)


def weights(*values: int | None) -> dict[str, dict[str, int | None]]:
    return {theme: dict(zip(CODES, values, strict=True)) for theme in ("us", "te")}


def test_weights_change_and_show(edition: int) -> None:
    person = staff()
    change_weights(person, world.YEAR, "regional", weights(10, 20, 20, 20, 10, 10, 10), world.FILING)
    (grid, _national) = settings_of(person, world.YEAR, world.FILING).grids
    assert [line.weights for line in grid.lines] == [{"us": n, "te": n} for n in (10, 20, 20, 20, 10, 10, 10)]
    assert grid.totals == {"us": 100, "te": 100}


@pytest.mark.parametrize(
    ("values", "sentence"),
    [
        ((10, 20, 20, 20, 10, 10, 5), "Les poids totalisent 95 sur 100."),
        ((10, 20, 20, 20, 10, 10, 11), "Les poids totalisent 101 sur 100."),
        ((None, 20, 20, 20, 20, 10, 10), "Donnez à chaque critère un poids entier, de 0 à 100."),
        (
            (-10, 40, 20, 20, 10, 10, 10),
            "La pondération du critère « need » doit être un nombre entier de 0 à 100 (reçu : -10).",
        ),
    ],
)
def test_what_makes_no_grid_is_refused_and_changes_nothing(
    edition: int, values: tuple[int | None, ...], sentence: str
) -> None:
    person = staff()
    before = settings_of(person, world.YEAR, world.FILING).grids
    with pytest.raises(GridDoesNotHold) as refusal:
        change_weights(person, world.YEAR, "regional", weights(*values), world.FILING)
    assert {
        code: text.replace("\u00a0", " ").replace("\u202f", " ")
        for code, text in refusal.value.errors.items()
    } == {
        "us": sentence,
        "te": sentence,
    }
    assert settings_of(person, world.YEAR, world.FILING).grids == before


def test_nobody_changes_it_once_a_round_scores_nor_without_the_role(edition: int) -> None:
    given = weights(10, 20, 20, 20, 10, 10, 10)
    with pytest.raises(IsForbidden):
        change_weights(world.a_coordinator(), world.YEAR, "regional", given, world.FILING)
    with atomic() as session:
        session.execute(update(Round).where(Round.region_code == "53").values(phase="P3"))
    with pytest.raises(IsNotThePhase):
        change_weights(staff(), world.YEAR, "regional", given, world.FILING)
