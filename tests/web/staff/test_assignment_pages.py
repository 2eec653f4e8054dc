"""The chamber's page of who reads what: hours, asking, reasons, adjusting, and what it costs."""

import pytest

from awards_app.database import db
from awards_app.queries.assignments import read_assignments
from tests.jury_world import a_round, add_file, add_seat, declare, sign_in
from tests.web.jury.test_juror_pages import queries_of, text


@pytest.fixture
def world(app):
    with app.app_context():
        world = a_round("P2")
        for n in range(5):
            add_seat(world, f"Juré{n}", "chair" if n == 0 else "juror")
        for n in range(6):
            add_file(world, f"F{n}")
        yield world
        db.session.remove()


@pytest.fixture
def chamber(app, world):
    return sign_in(app.test_client(), world.coordinator_id)


def home(world, **query):
    words = "&".join(f"{name}={value}" for name, value in query.items())
    return f"/coordination/{world.round_key}/repartition" + (f"?{words}" if words else "")


def ask(chamber, world, **demands):
    return chamber.post(
        home(world) + "/calculer", data={"theme": "us", "readers": "3", "spread": "1", **demands}
    )


def given(app, world):
    with app.app_context():
        state = read_assignments(world.round_id, world.edition_id, is_national=False)
    return state.given_in(world.themes["us"])


def test_before_there_are_files_the_page_forecasts_from_numbers(context):
    world = a_round("P0")
    chamber = sign_in(context.test_client(), world.coordinator_id)
    assert "Aucun dossier à répartir pour le moment" in text(chamber.get(home(world)))
    # 36 files by 5 readings over 9 people: 20 files each, of 25 minutes: 10 to judge, 9 to read, 6 of attachments.
    page = text(chamber.get(home(world, dossiers=36, personnes=9, lectures=5)))
    assert "Environ 8 h 20 de lecture et de notation par personne" in page.replace("\u00a0", " ")


def test_asking_shows_loads_reasons_and_the_draw(app, world, chamber):
    with app.app_context():
        declare(world, "Juré1", "F0", "recused")
    assert ask(chamber, world).status_code == 303
    page = " ".join(text(chamber.get(home(world))).replace("\u00a0", " ").split())
    assert "dossiers par personne 3 à 4" in page
    assert "1 fermé par un déport" in page
    assert "Comment cette répartition a été établie" in page


def test_a_demand_that_cannot_hold_is_named(app, world, chamber):
    with app.app_context():
        for name in ("Juré1", "Juré2", "Juré3"):
            declare(world, name, "F0", "recused")
    assert ask(chamber, world).status_code == 303
    page = " ".join(text(chamber.get(home(world))).replace("\u00a0", " ").split())
    assert "Chaque dossier ne peut pas avoir 3 lectures" in page
    assert "« Structure F0 » : 2 personnes seulement peuvent le lire" in page
    assert "C’est possible avec 2 lectures par dossier." in page
    assert given(app, world) == frozenset()


def test_numbers_that_make_no_sense_come_back_with_their_errors(world, chamber):
    answer = ask(chamber, world, readers="0", most="-2")
    assert answer.status_code == 422
    assert "Indiquez un nombre de lectures de 1 à 30." in text(answer)
    assert 'value="-2"' in answer.get_data(as_text=True)


def test_adjusting_by_hand(app, world, chamber):
    ask(chamber, world)
    pairs = given(app, world)
    file = world.files["F0"]
    free = next(seat for seat in world.seats.values() if (file, seat) not in pairs)
    taken = next(seat for seat in world.seats.values() if (file, seat) in pairs)
    page = chamber.get(home(world, dossier=file)).get_data(as_text=True)
    assert f'<option value="{free}">' in page
    assert f'<option value="{taken}">' not in page
    data = {"seat": free, "candidacy": file, "theme": "us"}
    assert chamber.post(home(world) + "/ajouter", data=data).status_code == 303
    assert given(app, world) == pairs | {(file, free)}
    assert chamber.post(home(world) + "/retirer", data=data).status_code == 303
    assert given(app, world) == pairs
    assert chamber.post(home(world) + "/tous", data={"theme": "us"}).status_code == 303
    assert given(app, world) == frozenset()


def test_a_juror_and_the_neighbour_have_no_such_page(app, world):
    juror = sign_in(app.test_client(), world.accounts["Juré1"])
    assert juror.get(home(world)).status_code == 403
    assert juror.post(home(world) + "/ajouter", data={}).status_code == 403


@pytest.mark.parametrize("more", [0, 3])
def test_the_page_costs_six_queries_whatever_there_is(app, world, chamber, more):
    with app.app_context():
        for n in range(more):
            add_file(world, f"G{n}")
            add_seat(world, f"Autre{n}")
    ask(chamber, world)
    answer, count = queries_of(app, chamber, home(world))
    assert (answer.status_code, count) == (200, 6)
