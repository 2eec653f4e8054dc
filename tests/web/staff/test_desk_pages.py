"""The desk at the door: checks, several files at once, letters read before they leave, texts, look-alikes, transfers."""

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import event, func, select

from awards_app.adapters import clock
from awards_app.database import atomic, db
from awards_app.domain.holder import Holder
from awards_app.models.admissibility import ChecklistMark, CompletionRequest, DuplicateDismissal
from awards_app.models.candidacies import AdmissibilityDecision
from awards_app.models.messages import Message
from awards_app.models.structures import Membership, Structure
from tests import desk_world as desk
from tests import filing_world as world

Move = Callable[[datetime], None]
NOW = desk.NOW


@pytest.fixture
def at(app: Flask, tmp_path: Path) -> Move:
    app.config["AWARDS_CLOCK_FILE"] = str(tmp_path / "clock.json")

    def move(instant: datetime) -> None:
        with app.app_context():
            clock.set_clock(instant, frozen=True)

    move(NOW)
    return move


@pytest.fixture
def files(app: Flask, client: FlaskClient, at: Move) -> tuple[str, list[str]]:
    """Return the address of the desk and two filed candidacies; the coordinator is signed in."""
    with app.app_context():
        world.an_edition()
        keys = [world.a_submitted("Odile", 0)[1], world.a_submitted("Xavier", 1)[1]]
        world.sign_in(client, world.a_coordinator(), NOW)
        path = f"/coordination/{desk.round_key()}/recevabilite"
    return path, keys


def sign_in_as(app: Flask, client: FlaskClient, name: str, region: str | None = None) -> None:
    with app.app_context():
        person: Holder = world.a_coordinator(name, region) if region else world.holder(world.a_person(name))
        world.sign_in(client, person, NOW)


def digest_in(page: str) -> str:
    found = re.search(r'name="empreinte" value="(\w+)"', page)
    assert found is not None
    return found.group(1)


@contextmanager
def asked_of(app: Flask) -> Iterator[list[str]]:
    """Collect the readings that the database is asked."""
    with app.app_context():
        engine = db.engine
    found: list[str] = []

    def note(_c: object, _cursor: object, statement: str, *_rest: object) -> None:
        if statement.startswith(("SELECT", "WITH")):
            found.append(statement)

    event.listen(engine, "before_cursor_execute", note)
    try:
        yield found
    finally:
        event.remove(engine, "before_cursor_execute", note)


def test_checks_are_kept_and_two_people_see_both_texts(
    app: Flask, client: FlaskClient, files: tuple[str, list[str]]
) -> None:
    path, (key, _other) = files
    mine = {"version-region": "0", "finding-region": "unmet", "note-region": "Siège à Rouen."}
    assert client.post(f"{path}/{key}/points", data=mine).status_code == 303
    assert "Siège à Rouen." in desk.text_of(client, f"{path}/{key}")
    stale = {"version-region": "0", "finding-region": "met", "note-region": "CANARI-NOTE"}
    refused = client.post(f"{path}/{key}/points", data=stale)
    assert refused.status_code == 409
    page = refused.get_data(as_text=True)
    assert "CANARI-NOTE" in page
    assert "Siège à Rouen." in page
    with app.app_context():
        rows = db.session.execute(select(ChecklistMark.rule_code, ChecklistMark.finding)).all()
        assert [tuple(row) for row in rows] == [("region", "unmet")]
        world.sign_in(client, world.holder(world.a_person("Odile")), NOW)
    assert "Siège à Rouen." not in desk.text_of(client, f"/candidatures/{key}")


def test_several_files_are_previewed_then_declared_and_their_letters_read(
    app: Flask, client: FlaskClient, files: tuple[str, list[str]]
) -> None:
    path, keys = files
    client.post(f"{path}/{keys[1]}", data={"verdict": "admissible", "reason": "", "notice": "none"})
    preview = client.post(f"{path}/lot", data={"acte": "admissible", "tout": "1"})
    page = preview.get_data(as_text=True)
    assert preview.status_code == 200
    words = desk.words_of(page)
    assert "1 candidature concernée. Rien n’est encore fait." in words
    assert "Les Étoiles 1 : déjà recevable" in words
    assert "Votre candidature est recevable : La légumerie d’Étoiles" in words
    data = {"acte": "admissible", "cle": keys[0], "empreinte": "fausse"}
    assert client.post(f"{path}/lot/confirmer", data=data).status_code == 409
    done = client.post(f"{path}/lot/confirmer", data=data | {"empreinte": digest_in(page)})
    assert done.status_code == 303
    notices = desk.text_of(client, f"{path}/avis")
    assert "odile@exemple.org" in notices
    assert "remplit les conditions de l’édition" in notices
    with app.app_context():
        waiting = db.session.scalars(select(Message.key).where(Message.state == "held")).all()
        assert len(waiting) == 1
    assert client.post(f"{path}/avis", data={"cle": waiting[0]}).status_code == 303
    assert "Aucun message à relire" in desk.text_of(client, f"{path}/avis")


def test_recipients_are_those_responsible_when_the_letter_leaves(
    app: Flask, client: FlaskClient, files: tuple[str, list[str]]
) -> None:
    path, (key, _other) = files
    client.post(f"{path}/{key}", data={"verdict": "inadmissible", "reason": "Trop jeune.", "notice": "hold"})
    with app.app_context():
        newcomer = world.a_person("Nina")
        with atomic() as session:
            row = session.scalar(select(Membership).where(Membership.account_id == world.a_person("Odile")))
            assert row is not None
            row.left_at = NOW
            session.flush()
            session.add(
                Membership(
                    structure_id=row.structure_id,
                    account_id=newcomer,
                    standing="responsible",
                    created_at=NOW,
                    accepted_at=NOW,
                )
            )
        held = db.session.scalars(select(Message.key).where(Message.state == "held")).one()
    client.post(f"{path}/avis", data={"cle": held})
    with app.app_context():
        assert desk.letters("not_admissible") == [
            ("not_admissible", "dropped", "odile@exemple.org"),
            ("not_admissible", "waiting", "nina@exemple.org"),
        ]


def test_the_same_completion_is_asked_of_several(
    app: Flask, client: FlaskClient, files: tuple[str, list[str]]
) -> None:
    path, keys = files
    first = client.post(f"{path}/lot", data={"acte": "completion", "cle": keys})
    assert "Voir l’aperçu" in first.get_data(as_text=True)
    asked = {
        "acte": "completion",
        "cle": keys,
        "champ": ["area"],
        "message": "CANARI-MESSAGE",
        "day": "2027-07-20",
        "hour": "18:00",
    }
    shown = client.post(f"{path}/lot", data=asked).get_data(as_text=True)
    assert shown.count("CANARI-MESSAGE") == 2
    refused = client.post(
        f"{path}/lot/confirmer", data=asked | {"empreinte": digest_in(shown), "day": "2027-07-01"}
    )
    assert refused.status_code == 422
    with app.app_context():
        assert db.session.scalar(select(func.count(CompletionRequest.id))) == 0
    done = client.post(f"{path}/lot/confirmer", data=asked | {"empreinte": digest_in(shown)})
    assert done.status_code == 303
    with app.app_context():
        assert db.session.scalar(select(func.count(CompletionRequest.id))) == 2
        assert {state for _kind, state, _to in desk.letters("correction_requested")} == {"held"}


def test_above_twenty_the_number_is_typed(
    app: Flask, client: FlaskClient, files: tuple[str, list[str]], monkeypatch: pytest.MonkeyPatch
) -> None:
    path, keys = files
    monkeypatch.setattr("awards_app.domain.admissibility_acts.TYPED_ABOVE", 1)
    monkeypatch.setattr("awards_app.web.staff.bulk_routes.TYPED_ABOVE", 1)
    page = client.post(f"{path}/lot", data={"acte": "admissible", "cle": keys}).get_data(as_text=True)
    data = {"acte": "admissible", "cle": keys, "empreinte": digest_in(page)}
    for typed in ("", "3", "deux"):
        refused = client.post(f"{path}/lot/confirmer", data=data | {"number": typed})
        assert refused.status_code == 422
    with app.app_context():
        assert db.session.scalar(select(func.count(AdmissibilityDecision.id))) == 0
    assert client.post(f"{path}/lot/confirmer", data=data | {"number": "2"}).status_code == 303


def test_a_foreign_file_refuses_the_whole(
    app: Flask, client: FlaskClient, files: tuple[str, list[str]]
) -> None:
    path, keys = files
    with app.app_context():
        here = path.split("/")[2]
        there = desk.round_key("11")
    sign_in_as(app, client, "Yvon", "11")
    elsewhere = path.replace(here, there)
    assert client.post(f"{elsewhere}/lot", data={"acte": "admissible", "cle": keys}).status_code == 404
    assert client.post(f"{path}/lot", data={"acte": "admissible", "cle": keys}).status_code == 404
    with app.app_context():
        assert db.session.scalar(select(func.count(AdmissibilityDecision.id))) == 0


def test_lookalikes_are_shown_as_far_as_they_may_be_and_dismissed(
    app: Flask, client: FlaskClient, files: tuple[str, list[str]]
) -> None:
    path, (key, other) = files
    with app.app_context(), atomic() as session:
        session.execute(
            Structure.__table__.update()
            .where(Structure.siren == world.SIRENS[1])
            .values(name="L’Étoile 0", sort_key="l'etoile 0")
        )
    page = desk.text_of(client, f"{path}/{key}")
    assert "L’Étoile 0" in page
    assert f"{path}/{other}" in page
    assert "L’Étoile 0" in desk.text_of(client, f"{path}?doublon=1")
    mark = re.search(r'name="paire" value="(\w+)"', page)
    assert mark is not None
    assert client.post(f"{path}/{key}/doublons", data={"paire": "x" * 22}).status_code == 422
    assert client.post(f"{path}/{key}/doublons", data={"paire": mark.group(1)}).status_code == 303
    assert "Écarté" in desk.text_of(client, f"{path}/{key}")
    assert "Aucune candidature ici" in desk.text_of(client, f"{path}?doublon=1&recherche=rennes-absente")
    with app.app_context():
        assert db.session.scalar(select(func.count(DuplicateDismissal.id))) == 1


def test_a_look_alike_of_another_region_is_a_name_and_a_region(
    app: Flask, client: FlaskClient, files: tuple[str, list[str]]
) -> None:
    path, (key, other) = files
    with app.app_context(), atomic() as session:
        session.execute(
            Structure.__table__.update()
            .where(Structure.siren == world.SIRENS[1])
            .values(name="L’Étoile 0", sort_key="l'etoile 0")
        )
        from awards_app.models.candidacies import Candidacy
        from awards_app.models.editions import Round

        there = session.scalar(select(Round.id).where(Round.region_code == "28"))
        session.execute(
            Candidacy.__table__.update()
            .where(Candidacy.key == other)
            .values(round_id=there, title="CANARI-TITRE")
        )
    page = desk.text_of(client, f"{path}/{key}")
    assert "L’Étoile 0" in page
    assert "Normandie" in page
    assert other not in page
    assert "CANARI-TITRE" not in page


def test_the_text_of_a_letter_takes_only_the_words_of_its_list(
    app: Flask, client: FlaskClient, files: tuple[str, list[str]]
) -> None:
    path, (key, _other) = files
    texts = path.replace("/recevabilite", "/formulations")
    assert "Demande de complément" in desk.text_of(client, texts)
    for text in ("{{7*7}}", "{person.__class__}", "{secret}", "{", "%(secret)s"):
        refused = client.post(
            f"{texts}/correction_requested", data={"subject": "Objet", "body": f"Bonjour {text}"}
        )
        assert refused.status_code == 422
    kept = {"subject": "Il nous manque {title}", "body": "CANARI-REGION {person}\n\n{reason}"}
    assert client.post(f"{texts}/correction_requested", data=kept).status_code == 303
    with app.app_context():
        desk.a_request(world.a_coordinator(), key)
        body = db.session.scalar(select(Message.body).where(Message.kind == "correction_requested"))
    assert body == "CANARI-REGION Odile\n\nPrécisez, s’il vous plaît.\n"
    assert client.post(f"{texts}/correction_requested/retablir").status_code == 303
    assert "CANARI-REGION" not in desk.text_of(client, f"{texts}/correction_requested")


def test_a_reason_of_the_chamber_is_the_one_its_desk_offers(
    app: Flask, client: FlaskClient, files: tuple[str, list[str]]
) -> None:
    path, (key, _other) = files
    texts = path.replace("/recevabilite", "/formulations")
    assert "Hors du champ de l’ESS" in desk.text_of(client, texts)
    shown = f"{path}/{key}?motif=not_ess"
    assert "article 1er de la loi" in desk.text_of(client, shown)
    own = {"subject": "Pas de l’ESS", "body": "CANARI-MOTIF : vos statuts ne le disent pas."}
    assert client.post(f"{texts}/not_ess", data=own | {"body": "Bonjour {person}"}).status_code == 422
    assert client.post(f"{texts}/not_ess", data=own).status_code == 303
    page = desk.text_of(client, shown)
    assert ("Pas de l’ESS" in page, "CANARI-MOTIF" in page) == (True, True)
    assert client.post(f"{texts}/not_ess/retablir").status_code == 303
    assert "CANARI-MOTIF" not in desk.text_of(client, shown)


def test_drafts_are_counted_reminded_and_left_in_peace(app: Flask, client: FlaskClient, at: Move) -> None:
    at(world.FILING)
    with app.app_context():
        world.an_edition()
        world.a_filer("Odile", 0)
        filer, draft = world.a_filer("Xavier", 1)
        world.fill(filer, draft)
        world.sign_in(client, world.a_coordinator(), world.FILING)
        path = f"/coordination/{desk.round_key()}/recevabilite/brouillons"
    page = desk.words_of(desk.text_of(client, path))
    assert "0 %" in page
    assert "100 %" in page
    shown = desk.text_of(client, f"{path}/relance")
    assert "2 structures recevront ce message." in desk.words_of(shown)
    sent = client.post(f"{path}/relance", data={"empreinte": digest_in(shown)})
    assert sent.status_code == 303
    assert "relancée il y a moins de trois jours" in desk.text_of(client, f"{path}/relance")
    with app.app_context():
        assert desk.letters("draft_reminder") == [
            ("draft_reminder", "waiting", "odile@exemple.org"),
            ("draft_reminder", "waiting", "xavier@exemple.org"),
        ]
    at(NOW)
    with app.app_context():
        world.sign_in(client, world.a_coordinator(), NOW)
    assert client.get(f"{path}/relance").status_code == 409


def test_a_transfer_is_proposed_read_and_accepted(
    app: Flask, client: FlaskClient, files: tuple[str, list[str]]
) -> None:
    path, (key, _other) = files
    assert "Normandie" in desk.text_of(client, f"{path}/{key}/transfert")
    assert client.post(f"{path}/{key}/transfert", data={"region": "28", "reason": ""}).status_code == 422
    done = client.post(f"{path}/{key}/transfert", data={"region": "28", "reason": "Siège à Rouen."})
    assert done.status_code == 303
    assert "proposée à la région Normandie" in desk.text_of(client, f"{path}/{key}")
    home = desk.words_of(desk.text_of(client, "/coordination"))
    assert "candidature proposée à une autre région, sans réponse" in home
    with app.app_context():
        there = f"/coordination/{desk.round_key('28')}/recevabilite"
    sign_in_as(app, client, "Yvon", "28")
    assert "candidature proposée par une autre région" in desk.text_of(client, "/coordination")
    listed = desk.text_of(client, f"{there}/transferts")
    link = re.search(rf'href="({there}/transferts/[\w-]+)"', listed)
    assert link is not None
    page = desk.text_of(client, link.group(1))
    assert "Siège à Rouen." in page
    assert key not in page
    assert client.get(f"{there}/{key}").status_code == 404
    assert client.post(f"{link.group(1)}/accepter").status_code == 303
    assert "La légumerie d’Étoiles" in desk.text_of(client, f"{there}/{key}")


@pytest.mark.parametrize("count", [1, 3])
def test_the_file_and_the_drafts_ask_as_much_whatever_the_rows(
    app: Flask, client: FlaskClient, at: Move, count: int
) -> None:
    with app.app_context():
        world.an_edition()
        for number, name in enumerate(("Odile", "Xavier", "Zoe")[:count]):
            _person, key = world.a_submitted(name, number)
        world.a_filer("Denis", 3)
        coordinator = world.a_coordinator()
        for _one in range(count):
            desk.a_request(coordinator, key) if _one == 0 else None
        world.sign_in(client, coordinator, NOW)
        path = f"/coordination/{desk.round_key()}/recevabilite"
    with asked_of(app) as asked:
        desk.text_of(client, f"{path}/{key}")
    assert len(asked) == 10
    with asked_of(app) as asked:
        desk.text_of(client, f"{path}/brouillons")
    assert len(asked) == 6
