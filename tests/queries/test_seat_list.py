"""One page of a juror's list says what the whole list says."""

from dataclasses import replace

import pytest
from sqlalchemy import select, update

from awards_app.database import atomic, db
from awards_app.domain.scoring import MarkInput
from awards_app.models.assignments import Assignment
from awards_app.models.candidacies import Candidacy
from awards_app.models.juries import Seat
from awards_app.models.structures import Structure
from awards_app.queries import seat_list
from awards_app.queries.scoring import candidacies_to_judge
from awards_app.queries.seat_list import page_of_files
from awards_app.services.juries import declare_interest
from awards_app.services.scoring import record_scoresheet, set_later
from tests.jury_world import SCORING, a_round, add_file, add_seat, declare, give


@pytest.fixture
def world(app, monkeypatch):
    monkeypatch.setattr(seat_list, "PAGE_SIZE", 3)
    with app.app_context():
        world = a_round(golden=True)
        add_seat(world, "Chantal", "chair")
        add_seat(world, "Jules")
        for number in range(8):
            add_file(world, f"N{number}")
            if number != 7:
                declare(world, "Jules", f"N{number}")
        give(world, "Jules", "N1", "3333")
        marks = {"a": MarkInput(3, reason="parce que")}
        record_scoresheet(world.holder("Jules"), world.seats["Jules"], world.files["N2"], marks, SCORING)
        set_later(world.holder("Jules"), world.seats["Jules"], world.files["N3"], SCORING, is_later=True)
        declare_interest(
            world.holder("Jules"), world.seats["Jules"], world.files["N4"], "recused", "Un ami.", SCORING
        )
        declare_interest(
            world.holder("Jules"), world.seats["Jules"], world.files["N5"], "unsure", "Peut-être.", SCORING
        )
        yield world
        db.session.remove()


def pages_of(world, name):
    first = page_of_files(world.holder(name), world.seats[name], SCORING, 1)
    return [
        page_of_files(world.holder(name), world.seats[name], SCORING, number)
        for number in range(1, first.pages + 1)
    ]


def test_the_pages_together_are_the_whole_list(world):
    _seat, whole = candidacies_to_judge(world.holder("Jules"), world.seats["Jules"], SCORING)

    pages = pages_of(world, "Jules")

    assert [len(page.lines) for page in pages] == [3, 3]
    assert tuple(line for page in pages for line in page.lines) == whole
    assert {(page.total, page.done, page.undeclared, page.left) for page in pages} == {(6, 1, 1, 5)}


def test_the_next_file_is_the_first_open_one_that_is_not_done(world):
    _seat, whole = candidacies_to_judge(world.holder("Jules"), world.seats["Jules"], SCORING)
    waiting = [line.key for line in whole if line.is_open and line.key != world.files["N1"]]

    assert {page.next_key for page in pages_of(world, "Jules")} == {waiting[0]}


@pytest.mark.parametrize(("asked", "shown"), [(0, 1), (-4, 1), (2, 2), (99, 2)])
def test_a_page_that_is_not_there_is_the_nearest_one(world, asked, shown):
    found = page_of_files(world.holder("Jules"), world.seats["Jules"], SCORING, asked)

    assert (found.page, len(found.lines)) == (shown, 3)


def test_a_search_keeps_the_counts_of_the_whole_list(world):
    with atomic() as session:
        session.execute(update(Structure).where(Structure.name == "Structure N6").values(city="Brest"))

    found = page_of_files(world.holder("Jules"), world.seats["Jules"], SCORING, 1, "brest")

    assert [line.key for line in found.lines] == [world.files["N6"]]
    assert (found.total, found.done, found.pages) == (6, 1, 1)


def test_a_member_of_structures_reads_the_same_list(world, monkeypatch):
    holder = world.holder("Jules")
    fast = page_of_files(holder, world.seats["Jules"], SCORING, 2)
    monkeypatch.setattr(type(holder), "memberships", (object(),))
    monkeypatch.setattr(type(holder), "structure_ids", frozenset())

    read_whole = page_of_files(holder, world.seats["Jules"], SCORING, 2)
    assert read_whole == replace(fast, given=None, by_hand=0)


def test_a_list_says_how_many_files_were_given_and_how(world):
    holder, seat = world.holder("Jules"), world.seats["Jules"]
    assert (
        page_of_files(holder, seat, SCORING, 1).given,
        page_of_files(holder, seat, SCORING, 1).by_hand,
    ) == (
        0,
        0,
    )
    seat_id = db.session.scalar(select(Seat.id).where(Seat.key == seat))
    with atomic() as session:
        for name, origin, ended in (("N1", "computed", None), ("N2", "hand", None), ("N3", "hand", SCORING)):
            candidacy = session.scalars(select(Candidacy).where(Candidacy.key == world.files[name])).one()
            session.add(
                Assignment(
                    round_id=world.round_id,
                    seat_id=seat_id,
                    candidacy_id=candidacy.id,
                    origin=origin,
                    given_at=SCORING,
                    ended_at=ended,
                )
            )
    found = page_of_files(holder, seat, SCORING, 1)
    assert (found.given, found.by_hand) == (2, 1)
    assert page_of_files(holder, seat, SCORING, 1, "n1").given is None
