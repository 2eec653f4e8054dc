"""A submission: complete, frozen, receipted once, taken back, replaced."""

import json
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import func, select

from awards_app.database import db
from awards_app.domain.candidacies import CallIsClosed, CandidacyIsIncomplete, KeyIsReused
from awards_app.domain.refusals import IsForbidden
from awards_app.domain.snapshot import sha256_of
from awards_app.models.candidacies import Answer, Attachment, Candidacy, Filing
from awards_app.models.messages import Message
from awards_app.queries.filed_copies import filed_copy
from awards_app.services.candidacies import (
    create_candidacy,
    save_answer,
    submit_candidacy,
    take_back_candidacy,
)
from awards_app.services.structures import accept_invitation, invite_member
from tests import filing_world as world
from tests.services.at_once import at_once

LATER = world.FILING + timedelta(hours=2)


@pytest.mark.usefixtures("context")
def test_only_a_complete_candidacy_is_submitted() -> None:
    world.an_edition()
    person, key = world.a_filer()
    world.fill(person, key)
    save_answer(person, key, "contact_email", "pas une adresse", None, LATER)
    save_answer(person, key, "pitch", "x" * 201, None, LATER)
    save_answer(person, key, "sincerity", "", None, LATER)
    with pytest.raises(CandidacyIsIncomplete) as refused:
        submit_candidacy(person, key, LATER)
    assert set(refused.value.errors) == {"contact_email", "pitch", "sincerity"}


@pytest.mark.usefixtures("context")
def test_the_copy_is_frozen_with_its_fingerprint() -> None:
    world.an_edition()
    person, key = world.a_filer()
    world.fill(person, key)
    receipt = submit_candidacy(person, key, LATER)
    row = db.session.execute(select(Filing.content, Filing.sha256, Filing.receipt)).one()
    assert sha256_of(json.loads(row.content)) == row.sha256 == receipt.sha256
    assert row.receipt == receipt.number
    copy = filed_copy(person, key, LATER, "own")
    shown = {answer.code: answer.shown for section in copy.sections for answer in section.answers}
    assert (shown["employees"], shown["budget_total"], shown["started_on"], shown["contact_phone"]) == (
        "1234",
        "184\u202f000\u00a0€",
        "01/02/2024",
        "+33199001234",
    )
    assert copy.submitted_at == LATER


@pytest.mark.usefixtures("context")
def test_a_retry_gets_the_first_receipt_and_one_message() -> None:
    world.an_edition()
    person, key = world.a_filer()
    world.fill(person, key)
    first = submit_candidacy(person, key, LATER, client_key="k1")
    assert submit_candidacy(person, key, LATER + timedelta(minutes=1), client_key="k1") == first
    assert submit_candidacy(person, key, LATER + timedelta(minutes=2)) == first
    assert db.session.scalar(select(func.count(Message.id)).where(Message.kind == "receipt")) == 1


@pytest.mark.usefixtures("context")
def test_a_key_is_for_one_content() -> None:
    world.an_edition()
    person, key = world.a_filer()
    first = save_answer(person, key, "title", "Un", None, LATER, client_key="same")
    assert save_answer(person, key, "title", "Un", 0, LATER, client_key="same") == first
    with pytest.raises(KeyIsReused):
        save_answer(person, key, "title", "Deux", None, LATER, client_key="same")
    assert db.session.scalar(select(Answer.value)) == "Un"


@pytest.mark.usefixtures("context")
def test_what_was_taken_back_stands_until_replaced() -> None:
    world.an_edition()
    person, key = world.a_filer()
    world.fill(person, key)
    first = submit_candidacy(person, key, LATER)
    take_back_candidacy(person, key, LATER)
    save_answer(person, key, "title", "Nouveau titre", None, LATER)
    save_answer(person, key, "theme", "te", None, LATER)
    assert filed_copy(person, key, LATER, "own").title == world.TEXTS["title"]
    assert db.session.scalar(select(Candidacy.title)) == world.TEXTS["title"]
    with pytest.raises(CallIsClosed):
        submit_candidacy(person, key, world.CLOSES)
    assert filed_copy(person, key, world.CLOSES, "own").receipt == first.number
    save_answer(person, key, "theme", "us", None, LATER)
    second = submit_candidacy(person, key, LATER)
    assert second.number != first.number
    assert filed_copy(person, key, LATER, "own").title == "Nouveau titre"
    numbers = db.session.execute(select(Filing.number, Filing.replaced_at).order_by(Filing.number)).all()
    assert numbers == [(1, LATER), (2, None)]


@pytest.mark.usefixtures("context")
def test_a_member_writes_and_does_not_submit() -> None:
    world.an_edition()
    person, key = world.a_filer()
    world.fill(person, key)
    account_id = world.a_person("Manon")
    invitation = invite_member(person, world.structure_key(person), "manon@exemple.org", "member", LATER)
    accept_invitation(account_id, invitation, LATER)
    member = world.holder(account_id)
    save_answer(member, key, "title", "Titre de Manon", None, LATER)
    with pytest.raises(IsForbidden):
        submit_candidacy(member, key, LATER)
    with pytest.raises(IsForbidden):
        take_back_candidacy(member, key, LATER)


def test_twenty_submissions_at_once_give_one_receipt(app: Flask) -> None:
    with app.app_context():
        world.an_edition()
        person, key = world.a_filer()
        world.fill(person, key)
        account_id = person.account_id
    results = at_once(
        app, 20, lambda: submit_candidacy(world.holder(account_id), key, LATER, client_key="one")
    )
    assert len(set(results)) == 1
    with app.app_context():
        assert db.session.scalar(select(func.count(Filing.id))) == 1
        assert db.session.scalar(select(func.count(Message.id)).where(Message.kind == "receipt")) == 1


@pytest.mark.usefixtures("context")
def test_a_region_of_another_zone_closes_at_its_own_hour() -> None:
    world.an_edition()
    person = world.holder(world.a_person("Odile"))
    structure = world.a_structure(person, postcode="97400", city="Saint-Denis")
    person = world.holder(person.account_id)
    with pytest.raises(CallIsClosed) as closed:
        create_candidacy(person, structure, world.CLOSES - timedelta(hours=1))
    assert (closed.value.closes_at.isoformat(), closed.value.zone) == (
        "2027-06-30T20:00:00+00:00",
        "Indian/Reunion",
    )


@pytest.mark.usefixtures("context")
def test_the_letter_lists_the_files_with_their_fingerprints() -> None:
    world.an_edition()
    _person, _key = world.a_submitted()
    body = db.session.scalar(select(Message.body).where(Message.kind == "receipt"))
    # A letter's names hold a sign that keeps readers of mail from making links of them.
    lines = (body or "").replace("\u200b", "").splitlines()
    rows = db.session.execute(select(Attachment.file_name, Attachment.sha256)).all()
    assert rows
    for name, sha256 in rows:
        assert f"{name} : {sha256}" in lines
