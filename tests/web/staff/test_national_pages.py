"""The board of regions and a region's page: who reads them, what they say, what they cost, what they change."""

from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from awards_app.database import db
from awards_app.models.accounts import PendingAct
from awards_app.models.messages import Message
from awards_app.services.accounts import start_session
from awards_app.services.worlds.people import account_id
from tests.checked_client import CheckedClient
from tests.desk_world import words_of
from tests.web.jury.test_juror_pages import queries_of
from tests.world import hooked_app, lay

Database = Callable[[Path], tuple[str, Callable[[], None]]]
BOARD = "/coordination/national"


@pytest.fixture
def app(new_database: Database, tmp_path: Path) -> Iterator[Flask]:
    url, remove = new_database(tmp_path)
    with hooked_app(url, tmp_path) as made:
        made.test_client_class = CheckedClient
        yield made
    remove()


def client_of(app: Flask, world: dict[str, Any], code: str) -> FlaskClient:
    with app.app_context():
        token = start_session(account_id(code), datetime.fromisoformat(world["now"]))
    client = app.test_client()
    with client.session_transaction() as session:
        session["_user_id"] = token
    return client


def region(world: dict[str, Any]) -> str:
    return f"/coordination/{world['rounds']['A']}/national"


def test_the_board_is_the_national_staffs_alone(app: Flask) -> None:
    world = lay(app, "P5")

    answers = {
        code: client_of(app, world, code).get(BOARD).status_code for code in ("NS", "RC", "AU", "JP", "CO")
    }
    tables = {
        code: client_of(app, world, code).get(f"{BOARD}.csv").status_code for code in ("NS", "RC", "NJ")
    }
    pages = {
        code: client_of(app, world, code).get(region(world)).status_code
        for code in ("NS", "RC", "RY", "AU", "NJ")
    }

    assert answers == {"NS": 200, "RC": 404, "AU": 404, "JP": 404, "CO": 404}
    assert tables == {"NS": 200, "RC": 404, "NJ": 404}
    assert pages == {"NS": 200, "RC": 200, "RY": 404, "AU": 404, "NJ": 404}


def test_the_board_says_what_each_region_sends_and_costs_six_queries(app: Flask) -> None:
    world = lay(app, "P5")
    client = client_of(app, world, "NS")

    page, count = queries_of(app, client, BOARD)
    text = words_of(page.get_data(as_text=True))

    assert count == 5
    assert "Les Ateliers du Phare" in text
    assert text.count("décidé, sous embargo") >= 1
    only = words_of(client.get(f"{BOARD}?phase=P5").get_data(as_text=True))
    assert "1 région " in only
    none = words_of(client.get(f"{BOARD}?phase=P1&etat=entry").get_data(as_text=True))
    assert "Aucune région ne répond à ce filtre" in none


def test_a_withdrawal_then_one_act_of_two_persons_brings_the_runner_up(app: Flask) -> None:
    world = lay(app, "P5")
    ns, rc, jp = (client_of(app, world, code) for code in ("NS", "RC", "JP"))
    main, other = world["candidacies"]["main"], world["candidacies"]["other"]
    owner = client_of(app, world, "CO")
    assert owner.post(f"/candidatures/{main}/retirer", data={"reason": "Nous partons."}).status_code == 303

    flagged = f"{BOARD}?etat=flagged"
    assert "1 région " in words_of(ns.get(flagged).get_data(as_text=True))
    page = words_of(rc.get(region(world)).get_data(as_text=True))
    assert "Rien n’est remplacé automatiquement." in page
    decision = world["decisions"][0]
    path = f"{region(world)}/{decision}/remplacer"
    data = {"candidacy": other, "reason": ""}
    refused = rc.post(path, data=data)
    text = refused.get_data(as_text=True)
    assert (refused.status_code, f'href="#reason-{decision}"' in text) == (422, True)
    assert text.count('<details class="disclose" open') == 1
    assert f'value="{other}" selected' in text
    data["reason"] = "La structure retenue s’est retirée."
    assert rc.post(path, data=data).status_code == 303
    waiting = words_of(jp.get("/coordination/confirmations").get_data(as_text=True))
    assert "Remplacer la candidature envoyée au jury national" in waiting
    assert "1 région " in words_of(ns.get(flagged).get_data(as_text=True))
    with app.app_context():
        key = db.session.scalars(select(PendingAct.key).where(PendingAct.verb == "replace_entry")).one()
    assert jp.post(f"/coordination/confirmations/{key}/confirmer").status_code == 303

    assert "Aucune région" in words_of(ns.get(flagged).get_data(as_text=True))
    page = words_of(rc.get(region(world)).get_data(as_text=True))
    assert "Ce qui avait été décidé avant Les Ateliers du Phare" in page
    assert "La structure retenue s’est retirée." in page
    _answer, count = queries_of(app, rc, region(world))
    assert count == 6


def test_a_region_says_that_it_sends_nobody_and_takes_it_back(app: Flask) -> None:
    world = lay(app, "P3")
    rc, ns = client_of(app, world, "RC"), client_of(app, world, "NS")
    data = {"theme": "us", "kind": "no_finalist", "reason": ""}

    refused = rc.post(f"{region(world)}/absence", data=data)
    text = refused.get_data(as_text=True)
    assert (refused.status_code, 'href="#reason-us"' in text) == (422, True)
    assert text.count('<details class="disclose" open') == 1
    assert "Indiquez le motif" in words_of(text)
    data["reason"] = "Aucun dossier ne s’est détaché."
    assert rc.post(f"{region(world)}/absence", data=data).status_code == 303

    board = words_of(ns.get(f"{BOARD}?etat=no_finalist").get_data(as_text=True))
    assert "1 région " in board
    assert "Aucun dossier ne s’est détaché." in board
    assert rc.post(f"{region(world)}/absence/lever", data={"theme": "us"}).status_code == 303
    assert "Aucune région" in words_of(ns.get(f"{BOARD}?etat=no_finalist").get_data(as_text=True))


def test_a_late_region_is_chased_by_letters_that_are_read_first(app: Flask) -> None:
    world = lay(app, "P3")
    ns = client_of(app, world, "NS")
    chase = f"{region(world)}/relancer"
    assert ns.post(chase).status_code == 409
    assert client_of(app, world, "RC").post(chase).status_code == 403
    due = datetime.fromisoformat(world["now"]) - timedelta(days=3)
    when = {"due_day": f"{due:%Y-%m-%d}", "due_hour": "18:00", "additions_day": "", "additions_hour": ""}
    for wrong in ({"due_hour": ""}, {"due_day": "2029-03-25", "due_hour": "02:30"}):
        refused = ns.post(f"{BOARD}/calendrier", data={**when, **wrong})
        text = refused.get_data(as_text=True)
        assert (refused.status_code, text.count('<details class="disclose" open')) == (422, 1)
        assert 'href="#due_day"' in text
    assert ns.post(f"{BOARD}/calendrier", data=when).status_code == 303

    page = ns.get(f"{BOARD}?retard=oui").get_data(as_text=True)
    # The outline of each of the eighteen, none of which has decided, and the square of the legend.
    assert page.count('class="region late"') == 18 + 1
    late = words_of(page)
    assert "3 jours de retard" in late
    assert ns.post(chase).status_code == 303
    assert ns.post(chase).status_code == 409

    assert "relancée le" in words_of(ns.get(BOARD).get_data(as_text=True))
    with app.app_context():
        letters = db.session.execute(
            select(Message.recipient, Message.state).where(Message.kind == "region_chase")
        ).all()
    assert [tuple(row) for row in letters] == [(world["people"]["RC"]["email"], "held")]
    table = ns.get(f"{BOARD}.csv?retard=oui").get_data(as_text=True).splitlines()
    assert len([line for line in table if line.startswith('"Bretagne"')]) == 1
