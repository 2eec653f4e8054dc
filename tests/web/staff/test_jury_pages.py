"""The chamber's pages about its jury: composing, ties, opening, progress, ranking."""

import html
import re

import pytest
from sqlalchemy import select

from awards_app.database import db
from awards_app.models.accounts import AccountLink
from awards_app.models.candidacies import Candidacy
from awards_app.models.juries import Interest, Seat
from awards_app.models.messages import Message
from awards_app.services.accounts import ensure_account, grant_role
from awards_app.services.juries import accept_seat, declare_interest
from awards_app.services.locking import lock_scoring
from tests.jury_world import (
    BEFORE,
    SCORING,
    a_round,
    add_file,
    add_member,
    add_seat,
    declare,
    give,
    golden_world,
    sign_in,
)


def text(response):
    return html.unescape(re.sub(r"<[^>]+>", " ", response.get_data(as_text=True)))


@pytest.fixture
def admissibility(app):
    with app.app_context():
        world = a_round("P2", golden=True)
        yield world
        db.session.remove()


@pytest.fixture
def chamber(app, admissibility):
    return sign_in(app.test_client(), admissibility.coordinator_id)


def invitation(**changes):
    return {"name": "Nina", "email": "nina@exemple.org", "function": "juror", "theme_code": "us", **changes}


def test_an_invitation_is_a_seat_a_link_and_a_message(admissibility, chamber):
    path = f"/coordination/{admissibility.round_key}/jury"

    answer = chamber.post(path, data=invitation())

    assert answer.status_code == 303
    seat = db.session.execute(select(Seat.key, Seat.invited_email, Seat.accepted_at)).one()
    assert (seat.invited_email, seat.accepted_at) == ("nina@exemple.org", None)
    assert db.session.scalars(select(AccountLink.object_key)).all() == [seat.key]
    assert db.session.scalars(select(Message.kind)).all() == ["jury_invitation"]
    assert "invitation sans réponse" in text(chamber.get(path))


def test_the_same_person_is_not_invited_twice_and_what_was_typed_stays(admissibility, chamber):
    path = f"/coordination/{admissibility.round_key}/jury"
    chamber.post(path, data=invitation())

    answer = chamber.post(path, data=invitation(email="NINA@exemple.org", college="CANARI-COLLÈGE"))

    assert answer.status_code == 409
    assert "Cette personne siège déjà" in text(answer)
    assert "CANARI-COLLÈGE" in answer.get_data(as_text=True)


def test_a_candidate_is_not_invited_to_its_own_category(admissibility, chamber):
    add_file(admissibility, "Alpha")
    admissibility.accounts["Nina"] = ensure_account("nina@exemple.org", "Nina", BEFORE)
    add_member(admissibility, "Nina", "Alpha")
    path = f"/coordination/{admissibility.round_key}/jury"

    assert chamber.post(path, data=invitation()).status_code == 409
    assert chamber.post(path, data=invitation(theme_code="te")).status_code == 303


@pytest.mark.parametrize(
    ("address", "website", "recused"),
    [
        ("paul+x@MAIL.Structure-Alpha.fr", "https://www.structure-alpha.fr/", True),
        ("paul@structure-alpha.fr", "structure-alpha.fr", True),
        ("paul@gmail.com", "https://gmail.com", False),
        ("paul@orange.fr", "www.orange.fr", False),
        ("paul@autre-alpha.fr", "https://structure-alpha.fr", False),
    ],
)
def test_a_juror_of_the_structures_domain_stands_aside_before_reading(
    admissibility, address, website, recused
):
    world = admissibility
    add_file(world, "Alpha", website=website)
    account_id = ensure_account(address, "Paul", BEFORE)
    seat = Seat(round_id=world.round_id, name="Paul", invited_email=address, invited_at=BEFORE)
    db.session.add(seat)
    db.session.commit()
    world.accounts["Paul"] = account_id

    accept_seat(account_id, seat.key, BEFORE.replace(month=7))
    db.session.execute(Seat.__table__.update().values(charter_at=BEFORE))
    db.session.commit()

    page = interest_of(seat.id)
    assert page == ("recused" if recused else None)
    if not recused:
        assert (
            declare_interest(world.holder("Paul"), seat.key, world.files["Alpha"], "none", "", BEFORE)
            == "none"
        )


def interest_of(seat_id):
    return db.session.scalar(
        select(Interest.verdict).where(Interest.seat_id == seat_id, Interest.replaced_at.is_(None))
    )


def test_scoring_opens_when_every_file_is_decided(admissibility, chamber):
    world = admissibility
    add_seat(world, "Chantal", "chair")
    add_file(world, "Alpha")
    add_file(world, "Béta", verdict="")
    path = f"/coordination/{world.round_key}"

    assert chamber.get(f"{path}/avancement").status_code == 200
    refused = chamber.post(f"{path}/ouvrir-notation")
    assert (refused.status_code, "Il reste 1 candidatures" in text(refused)) == (409, True)
    db.session.execute(
        Candidacy.__table__.update().where(Candidacy.key == world.files["Béta"]).values(state="deleted")
    )
    db.session.commit()
    assert chamber.post(f"{path}/ouvrir-notation").status_code == 303
    assert "Chantal" in text(chamber.get(f"{path}/avancement"))
    assert db.session.scalars(select(Message.kind)).all() == ["scoring_opened"]


def test_a_doubt_is_settled_on_the_register(app):
    with app.app_context():
        world = a_round(golden=True)
        add_seat(world, "Jules")
        add_file(world, "Alpha")
        declare(world, "Jules", "Alpha", "unsure")
        chamber = sign_in(app.test_client(), world.coordinator_id)
        path = f"/coordination/{world.round_key}/liens"
        pair = {"seat": world.seats["Jules"], "candidacy": world.files["Alpha"]}

        assert "1 doute" in text(chamber.get(path))
        assert chamber.post(path, data={**pair, "verdict": "none"}).status_code == 303
        assert "1 déclaration « aucun lien »." in text(chamber.get(path))


def test_two_persons_lift_an_observed_recusal(app):
    with app.app_context():
        world = a_round(golden=True)
        add_seat(world, "Jules")
        add_file(world, "Alpha")
        declare(world, "Jules", "Alpha", "recused")
        national = ensure_account("nadia@ess.exemple", "Nadia", BEFORE)
        grant_role(None, national, "national_staff", None, BEFORE)
        pair = {"seat": world.seats["Jules"], "candidacy": world.files["Alpha"], "reason": "homonyme"}
        path = f"/coordination/{world.round_key}/liens/lever"

        first = sign_in(app.test_client(), world.coordinator_id).post(path, data=pair)
        seat_id = db.session.scalar(select(Seat.id))
        between = interest_of(seat_id)
        second = sign_in(app.test_client(), national).post(path, data=pair)

        assert (first.status_code, between, second.status_code) == (303, "recused", 303)
        db.session.rollback()
        assert interest_of(seat_id) == "none"


def test_national_staff_see_counts_without_names(app):
    with app.app_context():
        world = golden_world()
        national = ensure_account("nadia@ess.exemple", "Nadia", BEFORE)
        grant_role(None, national, "national_staff", None, BEFORE)
        page = text(sign_in(app.test_client(), national).get(f"/coordination/{world.round_key}/avancement"))

        assert "19/19" in page
        assert "J3" not in page


def test_the_chamber_reads_the_ranking_but_not_who_gave_what(app):
    with app.app_context():
        world = golden_world()
        chamber = sign_in(app.test_client(), world.coordinator_id)
        path = f"/coordination/{world.round_key}"
        auditor = ensure_account("axel@audit.exemple", "Axel", BEFORE)
        grant_role(None, auditor, "auditor", None, BEFORE)

        assert chamber.get(f"{path}/classement").status_code == 409
        lock_scoring(world.holder("J1"), world.round_key, SCORING)
        assert "3 ex æquo" in text(chamber.get(f"{path}/classement"))
        assert chamber.get(f"{path}/attribution").status_code == 404
        reader = sign_in(app.test_client(), auditor)
        with reader.allowing_commits():
            assert "J4" in text(reader.get(f"{path}/attribution"))


def test_one_button_reminds_those_who_are_late_once_a_day(app):
    with app.app_context():
        world = golden_world()
        add_file(world, "Zêta")
        for juror in world.seats:
            declare(world, juror, "Zêta")
        give(world, "J1", "Zêta", "3333")
        chamber = sign_in(app.test_client(), world.coordinator_id)
        path = f"/coordination/{world.round_key}"

        chamber.post(f"{path}/relancer")
        chamber.post(f"{path}/relancer")

        db.session.rollback()
        assert len(db.session.scalars(select(Message.id).where(Message.kind == "juror_reminder")).all()) == 3
        assert "1 candidature" in db.session.scalars(select(Message.body)).first()
