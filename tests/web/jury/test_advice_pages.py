"""The advice beside the ranking: what is said, to whom, and what it costs."""

import re

import pytest
from sqlalchemy import select

from awards_app.database import db
from awards_app.models.journal import JournalEntry
from awards_app.queries import estimates
from awards_app.services.accounts import ensure_account, grant_role
from awards_app.services.locking import lock_scoring
from tests.jury_world import (
    BEFORE,
    SCORING,
    a_round,
    add_file,
    add_seat,
    declare,
    give,
    golden_world,
    sign_in,
)
from tests.web.jury.test_juror_pages import queries_of, text


@pytest.fixture
def golden(app):
    with app.app_context():
        world = golden_world()
        lock_scoring(world.holder("J1"), world.round_id, SCORING)
        yield world
        db.session.remove()


def advice(world, juror="J1"):
    return f"/jury/{world.seats[juror]}/avis"


def words(response):
    return " ".join(text(response).replace("\u00a0", " ").split())


def test_the_marks_of_the_golden_jury_do_not_settle_the_first_place(app, golden):
    chair = sign_in(app.test_client(), golden.accounts["J1"])
    page = words(chair.get(advice(golden)))
    assert "Les notes ne départagent pas « Structure Béta »" in page
    assert "Structure Béta 3 lectures 3,93" in page
    assert "1 dossier a moins de quatre lectures" in page
    assert "L’accord du jury" in page
    ranking = words(chair.get(f"/jury/{golden.seats['J1']}/classement"))
    assert "Ce que les notes permettent de dire" in ranking
    assert "Un avis : il ne change rien au classement." in ranking


def test_the_official_order_stays(app, golden):
    chair = sign_in(app.test_client(), golden.accounts["J1"])
    page = chair.get(advice(golden)).get_data(as_text=True)
    body = page.split("<tbody>", 1)[1].split("</tbody>", 1)[0]
    ranks = re.findall(r'<td class="rank"[^>]*>(\d)', body)
    assert ranks == ["1", "2", "3", "3", "5"]


def test_who_stands_aside_reads_nothing_of_the_category(app, golden):
    aside = sign_in(app.test_client(), golden.accounts["J2"])
    assert aside.get(advice(golden, "J2")).status_code == 404


def test_nothing_is_said_before_the_lock(context):
    app, world = context, golden_world()
    chair = sign_in(app.test_client(), world.accounts["J1"])
    assert chair.get(advice(world)).status_code == 409
    chamber = sign_in(app.test_client(), world.coordinator_id)
    assert chamber.get(f"/coordination/{world.round_key}/avis").status_code == 409


def test_severities_are_for_the_chair_and_the_auditor_and_their_reading_is_kept(app, golden):
    with app.app_context():
        auditor = ensure_account("audit@ess.exemple", "Auditrice", BEFORE)
        grant_role(None, auditor, "auditor", None, BEFORE)
    chair = sign_in(app.test_client(), golden.accounts["J1"])
    reader = sign_in(app.test_client(), auditor)
    with chair.allowing_commits(), reader.allowing_commits():
        pages = (
            chair.get(f"/jury/{golden.seats['J1']}/attribution"),
            reader.get(f"/coordination/{golden.round_key}/attribution"),
        )
    assert all("Sévérité de chaque personne" in words(page) for page in pages)
    with app.app_context():
        acts = db.session.scalars(select(JournalEntry.act)).all()
    assert acts.count("read_attributed_scores") == 2
    others = (
        (golden.accounts["J3"], advice(golden, "J3")),
        (golden.coordinator_id, f"/coordination/{golden.round_key}/avis"),
    )
    for account, path in others:
        answer = sign_in(app.test_client(), account).get(path)
        assert answer.status_code == 200
        assert "Sévérité de chaque personne" not in words(answer)
        assert not any(f" {name} " in words(answer) for name in ("J1", "J2", "J4"))


def test_what_rests_on_two_readings_is_for_the_chair(context):
    app, world = context, a_round(golden=True)
    for name in ("J1", "J2"):
        add_seat(world, name, "chair" if name == "J1" else "juror")
    for n, file in enumerate(("x", "y", "z")):
        add_file(world, file)
        for m, name in enumerate(("J1", "J2")):
            declare(world, name, file)
            give(world, name, file, f"{n + 1}{n + 2}{n}{(n * 2 + m) % 5}")
    lock_scoring(world.holder("J1"), world.round_id, SCORING)
    chair = words(sign_in(app.test_client(), world.accounts["J1"]).get(advice(world)))
    juror = words(sign_in(app.test_client(), world.accounts["J2"]).get(advice(world, "J2")))
    assert "Intervalle à 95 %" in chair
    assert "Estimation réservée à la présidence" in juror
    assert "Corrélation intraclasse" not in juror
    assert not re.search(r"de \d+,\d+ à \d+,\d+", juror)


def test_the_page_costs_one_query_more_the_first_time(app, golden):
    estimates._known.clear()
    chair = sign_in(app.test_client(), golden.accounts["J1"])
    _answer, ranking = queries_of(app, chair, f"/jury/{golden.seats['J1']}/classement")
    _answer, first = queries_of(app, chair, advice(golden))
    estimates._known.clear()
    _answer, cold = queries_of(app, chair, advice(golden))
    assert (first, cold, ranking) == (first, first + 1, first + 1)
    assert first <= 6


def test_the_method_is_open_to_all(client):
    page = client.get("/comment-lire-ces-indications")
    assert page.status_code == 200
    assert "Shrout" in page.get_data(as_text=True)
    assert "Krippendorff" in page.get_data(as_text=True)
