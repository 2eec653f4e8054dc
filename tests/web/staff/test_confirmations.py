"""What waits for a second person: who reads it, and that it says what would be done."""

from collections.abc import Callable, Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from awards_app.database import atomic, db
from awards_app.models.accounts import PendingAct
from awards_app.models.candidacies import Candidacy
from awards_app.models.juries import Interest, Seat
from awards_app.models.structures import Structure
from awards_app.services.accounts import start_session
from awards_app.services.worlds.people import account_id
from tests.checked_client import CheckedClient
from tests.desk_world import words_of
from tests.web.jury.test_juror_pages import queries_of
from tests.world import hooked_app, lay

Database = Callable[[Path], tuple[str, Callable[[], None]]]
PAGE = "/coordination/confirmations"


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


def waiting(app: Flask, world: dict[str, Any], code: str) -> str:
    return words_of(client_of(app, world, code).get(PAGE).get_data(as_text=True))


def name_of(app: Flask, world: dict[str, Any], file: str) -> str:
    with app.app_context():
        name = db.session.scalar(
            select(Structure.name)
            .join(Candidacy, Candidacy.structure_id == Structure.id)
            .where(Candidacy.key == world["candidacies"][file])
        )
    assert name is not None
    return name


def replace(app: Flask, world: dict[str, Any]) -> None:
    base = f"/coordination/{world['rounds']['A']}/national"
    data = {"candidacy": world["candidacies"]["other"], "reason": "Un motif."}
    path = f"{base}/{world['decisions'][0]}/remplacer"
    assert client_of(app, world, "RC").post(path, data=data).status_code == 303


def test_who_confirms_a_runner_up_reads_which_file_takes_the_place_of_which(app: Flask) -> None:
    world = lay(app, "P5")
    replace(app, world)

    page = waiting(app, world, "JP")

    assert f" {name_of(app, world, 'main')} " in page
    assert f"La région envoie désormais : {name_of(app, world, 'other')}" in page.replace("\u00a0", " ")


def test_a_chair_who_stands_aside_reads_nothing_of_a_decision_and_refuses_nothing(app: Flask) -> None:
    world = lay(app, "P5")
    replace(app, world)
    with app.app_context():
        key = db.session.scalars(select(PendingAct.key).where(PendingAct.verb == "replace_entry")).one()
        seat = db.session.scalars(select(Seat).where(Seat.key == world["seats"]["JP"])).one().id
        file = db.session.scalars(
            select(Candidacy.id).where(Candidacy.key == world["candidacies"]["main"])
        ).one()
        with atomic() as session:
            for former in session.scalars(
                select(Interest).where(Interest.seat_id == seat, Interest.candidacy_id == file)
            ):
                former.replaced_at = datetime.fromisoformat(world["now"])
            session.flush()
            session.add(
                Interest(
                    seat_id=seat,
                    candidacy_id=file,
                    verdict="recused",
                    reason="Une parente.",
                    declared_at=datetime.fromisoformat(world["now"]),
                )
            )

    page = waiting(app, world, "JP")

    assert "Rien n’attend de confirmation" in page
    assert client_of(app, world, "JP").post(f"{PAGE}/{key}/refuser").status_code == 404
    assert "Remplacer la candidature envoyée au jury national" in waiting(app, world, "RC")


def test_who_confirms_a_correction_reads_it_where_it_is_confirmed(app: Flask) -> None:
    world = lay(app, "P6")
    base = f"/coordination/{world['rounds']['A']}/decisions"
    data = {
        "reason": "Noms inversés.",
        "candidacy": world["candidacies"]["other"],
        "citation": "Pour un lieu qui n’est qu’ici.",
    }
    path = f"{base}/{world['decisions'][0]}/annuler"
    assert client_of(app, world, "RC").post(path, data=data).status_code == 303
    other = name_of(app, world, "other")

    page = waiting(app, world, "NS").replace("\u00a0", " ")
    assert f"La distinction revient à : {other}" in page
    assert "Pour un lieu qui n’est qu’ici." in page
    desk = client_of(app, world, "NS").get(base).get_data(as_text=True)
    assert f'<option value="{world["candidacies"]["other"]}" selected>{other}</option>' in desk
    assert "Pour un lieu qui n’est qu’ici.</textarea>" in desk
    assert f"La distinction revient à : {other}" in words_of(desk).replace("\u00a0", " ")


def test_national_staff_do_not_learn_who_has_not_finished(app: Flask) -> None:
    world = lay(app, "P3")
    base = f"/coordination/{world['rounds']['A']}/dispenser"
    data = {"seat": world["seats"]["RJ"], "candidacy": world["candidacies"]["main"], "reason": "Malade."}
    assert client_of(app, world, "RC").post(base, data=data).status_code == 303

    name = name_of(app, world, "main")
    assert name in waiting(app, world, "JP")
    assert name not in waiting(app, world, "NS")


def test_what_waits_costs_the_same_however_much_waits(app: Flask) -> None:
    world = lay(app, "P5")
    replace(app, world)
    client = client_of(app, world, "RC")
    _answer, one = queries_of(app, client, PAGE)
    with app.app_context(), atomic() as session:
        act = session.scalars(select(PendingAct).where(PendingAct.settled_at.is_(None))).one()
        for number, key in enumerate(world["decisions"][1:]):
            session.add(
                PendingAct(
                    verb="annul_decision",
                    round_id=act.round_id,
                    object_key=key,
                    arguments='{"replacement": null}',
                    reason=f"Motif {number}.",
                    proposed_by_id=act.proposed_by_id,
                    proposed_as=act.proposed_as,
                    proposed_at=act.proposed_at,
                    expires_at=act.expires_at,
                )
            )
    _answer, more = queries_of(app, client, PAGE)

    assert (one, more) == (3, 3)
