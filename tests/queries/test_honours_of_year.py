"""A year of honours, worked out from its lines, is what the list of honours answers."""

from datetime import UTC, datetime

import pytest
from flask import Flask
from sqlalchemy import update

from awards_app.database import atomic
from awards_app.models.honours import Honour
from awards_app.queries import honours_of_year
from awards_app.queries.honour_lists import HonoursFilter, list_honours
from awards_app.queries.honours_of_year import Palmares, page_of_palmares, palmares_of
from tests import public_world as world

YEAR = 2024
KINDS = ("laureate", "nominee", "selected", "favourite", "public_vote", "special")
THEMES = ("Utilité sociale", "Transition écologique", "")
REGIONS = ("53", "94")


def _sixty_honours() -> None:
    for number in range(60):
        world.an_honour(
            f"Structure {number % 3}",
            YEAR,
            slug=f"structure-{number}",
            distinction=KINDS[number // 7 % 6],
            theme=THEMES[number % 3],
            level="national" if number % 5 == 0 else "regional",
            region_code=REGIONS[number % 2],
        )


def _the_palmares() -> Palmares:
    found = palmares_of(YEAR)
    assert found is not None
    return found


def _names() -> list[tuple[str, str, str]]:
    found = _the_palmares()
    pages = [page_of_palmares(found, page) for page in range(1, page_of_palmares(found, 1).pages + 1)]
    return [(line.slug, line.structure_name, line.erratum) for page in pages for line in page.lines]


def _listed() -> list[tuple[str, str, str]]:
    asked = HonoursFilter(year=YEAR, highest=True)
    return [(line.slug, line.structure_name, line.erratum) for line in list_honours(asked)]


def test_a_year_is_what_the_list_answers_and_follows_each_change_at_once(
    app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(honours_of_year, "PAGE_SIZE", 10)
    with app.app_context():
        world.the_regions()
        _sixty_honours()
        before = _names()
        assert before == _listed()
        assert 10 < len(before) < 60
        corrected, retracted = before[0][0], before[1][0]
        with atomic() as session:
            session.execute(
                update(Honour)
                .where(Honour.slug == corrected)
                .values(structure_name="Nom juste", erratum="Nom")
            )
            session.execute(
                update(Honour)
                .where(Honour.slug == retracted)
                .values(retracted_at=datetime(2024, 12, 1, tzinfo=UTC))
            )
        after = _names()
        assert after == _listed()
        assert after[0] == (corrected, "Nom juste", "Nom")
        assert retracted not in [slug for slug, _name, _erratum in after]


def test_what_is_retracted_between_the_two_readings_is_not_shown(app: Flask) -> None:
    with app.app_context():
        world.the_regions()
        _sixty_honours()
        known = _the_palmares()
        first = page_of_palmares(known, 1).lines[0].slug
        with atomic() as session:
            session.execute(
                update(Honour)
                .where(Honour.slug == first)
                .values(retracted_at=datetime(2024, 12, 1, tzinfo=UTC))
            )
        assert first not in [line.slug for line in page_of_palmares(known, 1).lines]


def test_the_years_around_are_those_that_have_a_page(app: Flask) -> None:
    with app.app_context():
        world.the_regions()
        world.a_record(2015, number=1)
        world.an_honour("Une", 2019)
        world.an_honour("Deux", YEAR)
        with atomic() as session:
            session.execute(
                update(Honour)
                .where(Honour.year == YEAR)
                .values(retracted_at=datetime(2024, 12, 1, tzinfo=UTC))
            )
        world.an_honour("Trois", 2026)
        found = palmares_of(2019)
        assert found is not None
        assert (found.earlier, found.later) == (2015, 2026)
        assert palmares_of(YEAR) is None
        first = palmares_of(2015)
        assert first is not None
        assert (first.earlier, first.later, first.shown) == (None, 2019, ())
        assert page_of_palmares(first, 3).pages == 1
