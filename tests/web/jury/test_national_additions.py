"""What a candidate adds to a file sent up: who opens it, and when its own people learn that there is anything to add to."""

import io
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from awards_app.database import atomic, db
from awards_app.models.candidacies import Attachment
from awards_app.models.editions import Round
from awards_app.models.national import NationalAddition
from awards_app.services.worlds.papers import picture
from tests.checked_client import CheckedClient
from tests.desk_world import words_of
from tests.web.staff.test_national_pages import client_of
from tests.world import hooked_app, lay

Database = Callable[[Path], tuple[str, Callable[[], None]]]
NOTE = "Une commune de plus nous a rejoints."
SENT_UP = "Votre candidature est retenue pour le jury national."


@pytest.fixture
def app(new_database: Database, tmp_path: Path) -> Iterator[Flask]:
    url, remove = new_database(tmp_path)
    with hooked_app(url, tmp_path) as made:
        made.test_client_class = CheckedClient
        yield made
    remove()


def set_national(app: Flask, world: dict[str, Any], phase: str) -> None:
    with app.app_context(), atomic() as session:
        session.scalars(select(Round).where(Round.key == world["rounds"]["N"])).one().phase = phase


def own_page(client: FlaskClient, world: dict[str, Any], name: str = "main") -> str:
    return words_of(client.get(f"/candidatures/{world['candidacies'][name]}").get_data(as_text=True))


def add_both(app: Flask, world: dict[str, Any]) -> str:
    """Add a note and a piece as the candidate does; return the piece's key."""
    set_national(app, world, "P2")
    owner, path = client_of(app, world, "CO"), f"/candidatures/{world['candidacies']['main']}/national"
    assert owner.post(f"{path}/note", data={"note": NOTE}).status_code == 303
    piece = {"file": (io.BytesIO(picture()), "Atelier.jpg")}
    assert owner.post(f"{path}/pieces", data=piece).status_code == 303
    set_national(app, world, "P3")
    with app.app_context():
        return db.session.scalars(
            select(Attachment.key).join(NationalAddition, NationalAddition.attachment_id == Attachment.id)
        ).one()


def test_a_juror_of_the_nation_opens_what_was_added_and_others_do_not(app: Flask) -> None:
    world = lay(app, "P6")
    main = world["candidacies"]["main"]
    piece = add_both(app, world)

    def sheet(code: str) -> str:
        return f"/jury/{world['seats'][code]}/candidatures/{main}"

    juror = client_of(app, world, "NJ")
    page = juror.get(sheet("NJ"))
    shown = words_of(page.get_data(as_text=True))
    assert (page.status_code, shown.count(NOTE), shown.count("Atelier.jpg")) == (200, 1, 1)
    address = f"{sheet('NJ')}/pieces/{piece}"
    assert address in page.get_data(as_text=True)
    opened = juror.get(f"{address}/lire", follow_redirects=True)
    assert (opened.status_code, "Atelier.jpg" in words_of(opened.get_data(as_text=True))) == (200, True)
    bytes_of = juror.get(address)
    assert (bytes_of.status_code, bytes_of.mimetype) == (200, "image/jpeg")

    # Who stands aside finds nothing, neither by their own seat nor by a colleague's.
    aside = client_of(app, world, "NK")
    for path in (sheet("NK"), f"{sheet('NK')}/pieces/{piece}", f"{sheet('NK')}/pieces/{piece}/lire", address):
        assert (path, aside.get(path).status_code) == (path, 404)

    # A regional juror reads the copy that their region judged, and nothing that came after.
    regional = client_of(app, world, "RJ")
    before = regional.get(sheet("RJ"))
    assert before.status_code == 200
    assert NOTE not in words_of(before.get_data(as_text=True))
    assert piece not in before.get_data(as_text=True)
    for path in (f"{sheet('RJ')}/pieces/{piece}", f"{sheet('RJ')}/pieces/{piece}/lire", address):
        assert (path, regional.get(path).status_code) == (path, 404)


def test_a_doubt_of_the_nation_goes_to_the_national_team_and_to_no_chamber(app: Flask) -> None:
    world = lay(app, "P6")
    doors = [("NJ", "l’équipe nationale"), ("RJ", "la CRESS")]
    pages = [client_of(app, world, code).get(f"/jury/{world['seats'][code]}/liens") for code, _team in doors]
    said = [words_of(page.get_data(as_text=True)) for page in pages]
    assert [f"demandez à {team}" in words for words, (_code, team) in zip(said, doors, strict=True)] == [
        True,
        True,
    ]


def test_the_steps_of_the_nation_are_told_by_the_publication_and_not_before(app: Flask) -> None:
    world = lay(app, "P5")
    for code, name in (("CO", "main"), ("CX", "other")):
        page = own_page(client_of(app, world, code), world, name)
        assert (code, SENT_UP in page, "jury national" in page) == (code, False, False)

    world = lay(app, "P6")
    page = own_page(client_of(app, world, "CO"), world)
    steps = ("Retenue pour le jury national", "Jury national", "Résultats nationaux")
    assert (page.count(SENT_UP), [step for step in steps if step in page]) == (1, list(steps))
    other = own_page(client_of(app, world, "CX"), world, "other")
    assert [step for step in (SENT_UP, *steps) if step in other] == []


def test_who_was_told_under_embargo_sees_them_once_they_accepted(app: Flask) -> None:
    world = lay(app, "P5")
    owner, main = client_of(app, world, "CO"), world["candidacies"]["main"]
    allowed = client_of(app, world, "NS").post(
        "/coordination/editions/2026/laureats-prevenus", data={"tells": "y"}
    )
    told = client_of(app, world, "RC").post(f"/coordination/{world['rounds']['A']}/publication/prevenir")
    assert (allowed.status_code, told.status_code) == (303, 303)
    assert SENT_UP not in own_page(owner, world)
    assert owner.get(f"/candidatures/{main}/national").status_code == 404

    assert owner.post(f"/candidatures/{main}/embargo", data={"accepted": "y"}).status_code == 303

    assert own_page(owner, world).count(SENT_UP) == 1
    assert owner.get(f"/candidatures/{main}/national").status_code == 200
    # A colleague who was not told knows no more than before.
    assert SENT_UP not in own_page(client_of(app, world, "CM"), world)
