"""What a browser may keep of a jury's pages, and what it is told to drop."""

import pytest
from sqlalchemy import func, select

from awards_app.database import atomic, db
from awards_app.models.editions import Round
from awards_app.models.journal import JournalEntry
from awards_app.models.scoring import Mark
from awards_app.services.juries import declare_interest
from tests.jury_world import SCORING, a_round, add_file, add_seat, declare_all, sign_in
from tests.web.jury.test_juror_pages import file_path, queries_of

MARK = "Awards-Offline"


@pytest.fixture
def world(app):
    with app.app_context():
        world = a_round(golden=True)
        add_seat(world, "Chantal", "chair")
        add_seat(world, "Jules")
        for name in ("Alpha", "Béta", "Gamma"):
            add_file(world, name)
        declare_all(world)
        yield world
        db.session.remove()


@pytest.fixture
def jules(app, world):
    return sign_in(app.test_client(), world.accounts["Jules"])


def at_hand(world, name):
    return f"/jury/{world.seats[name]}/ouverts"


def set_phase(world, phase):
    with atomic() as session:
        session.get_one(Round, world.round_id).phase = phase


def test_a_file_is_marked_for_its_reader_and_stays_out_of_every_other_cache(world, jules):
    pages = [jules.get(file_path(world, "Jules", "Alpha")), jules.get(f"/jury/{world.seats['Jules']}")]

    key = world.holder("Jules").key
    assert [page.headers[MARK] for page in pages] == [key, key]
    assert [page.headers["Cache-Control"] for page in pages] == ["no-store", "no-store"]


@pytest.mark.parametrize("phase", ["P4", "P5", "P6"])
def test_nothing_is_marked_once_the_jury_is_locked(world, jules, phase):
    set_phase(world, phase)

    page = jules.get(file_path(world, "Jules", "Alpha"))

    assert (page.status_code, MARK in page.headers) == (200, False)
    assert jules.get(at_hand(world, "Jules")).json["may_keep"] is False


def test_pages_of_ties_and_of_marks_are_never_marked(world, jules):
    found = [jules.get(f"/jury/{world.seats['Jules']}/{page}") for page in ("liens", "mes-notes")]

    assert [(page.status_code, MARK in page.headers) for page in found] == [(200, False)] * 2


def test_a_file_recused_from_is_no_longer_at_hand(world, jules):
    before = jules.get(at_hand(world, "Jules")).json
    declare_interest(
        world.holder("Jules"),
        world.seats["Jules"],
        world.files["Béta"],
        "recused",
        "Un proche y travaille.",
        SCORING,
    )
    after = jules.get(at_hand(world, "Jules")).json

    assert sorted(before["files"]) == sorted(world.files.values())
    assert sorted(after["files"]) == sorted([world.files["Alpha"], world.files["Gamma"]])
    assert after["may_keep"] is True


def test_the_seat_of_another_is_no_seat(world, jules):
    assert jules.get(at_hand(world, "Chantal")).status_code == 404


@pytest.mark.parametrize("more", [0, 2])
def test_what_is_at_hand_costs_three_queries(app, world, jules, more):
    for number in range(more):
        add_file(world, f"De plus {number}")

    assert queries_of(app, jules, at_hand(world, "Jules"))[1] == 3


def test_the_page_without_network_holds_nobody(world, jules):
    page = jules.get("/jury/hors-ligne", headers={"Cookie": ""})

    assert "Jules" not in page.get_data(as_text=True).split("<main")[1]


def test_the_worker_is_a_script_from_an_address_that_governs_the_jury_alone(app):
    with app.test_client().get("/jury/hors-ligne.js") as worker:
        policy = worker.headers["Content-Security-Policy"].split("; ")

    assert (worker.mimetype, worker.headers["Cache-Control"]) == ("text/javascript", "no-cache")
    assert [rule for rule in policy if rule.startswith("worker-src")] == ["worker-src 'self'"]


def test_a_save_that_comes_twice_is_one_save(world, jules):
    path = file_path(world, "Jules", "Alpha", "noter")
    sent = {"field": "mark-a", "value": "3", "version": "0"}

    answers = [jules.post(path, data=sent) for _ in range(3)]

    assert [(answer.status_code, answer.json["version"]) for answer in answers] == [(200, "1")] * 3
    assert db.session.execute(select(Mark.level, Mark.version)).all() == [(3, 1)]
    acts = select(func.count()).where(JournalEntry.act == "record_scoresheet")
    assert db.session.scalar(acts) == 1


def test_leaving_clears_what_the_browser_kept(jules):
    page = jules.get("/compte").get_data(as_text=True)
    token = (
        page.split('name="csrf_token"')[1].split('value="')[1].split('"')[0] if "csrf_token" in page else ""
    )

    left = jules.post("/compte/deconnexion", data={"csrf_token": token})

    assert left.headers["Clear-Site-Data"] == '"cache", "storage"'
