"""A candidacy as a whole: one live a structure, withdrawn with a reason, deleted and restored."""

from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import func, select

from awards_app.database import db
from awards_app.domain.candidacies import (
    CallIsClosed,
    CandidacyExists,
    CandidacyIsDeleted,
    CandidacyIsSubmitted,
    CandidacyIsWithdrawn,
    JurorCannotFile,
    ReasonIsMissing,
)
from awards_app.domain.holder import HeldSeat
from awards_app.domain.refusals import DoesNotExist, IsForbidden, IsNotThePhase
from awards_app.models.candidacies import Candidacy
from awards_app.models.editions import Round
from awards_app.services.candidacies import (
    create_candidacy,
    delete_draft,
    restore_draft,
    save_answer,
    withdraw_candidacy,
)
from tests import filing_world as world
from tests.services.at_once import at_once


@pytest.mark.usefixtures("context")
def test_a_structure_has_one_live_candidacy() -> None:
    world.an_edition()
    person, key = world.a_filer()
    with pytest.raises(CandidacyExists) as refused:
        create_candidacy(person, world.structure_key(person), world.FILING)
    assert refused.value.key == key


@pytest.mark.usefixtures("context")
def test_another_structures_is_not_there() -> None:
    world.an_edition()
    person, key = world.a_filer()
    other, _key = world.a_filer("Xavier", 1)
    with pytest.raises(DoesNotExist):
        create_candidacy(other, world.structure_key(person), world.FILING)
    with pytest.raises(DoesNotExist):
        save_answer(other, key, "title", "à moi", None, world.FILING)


@pytest.mark.usefixtures("context")
def test_the_call_decides_by_its_instant() -> None:
    world.an_edition()
    person = world.holder(world.a_person("Odile"))
    structure = world.a_structure(person)
    person = world.holder(person.account_id)
    with pytest.raises(IsNotThePhase):
        create_candidacy(person, structure, world.BEFORE)
    with pytest.raises(CallIsClosed) as closed:
        create_candidacy(person, structure, world.CLOSES)
    assert closed.value.closes_at == world.CLOSES
    assert create_candidacy(person, structure, world.CLOSES - timedelta(microseconds=1))


@pytest.mark.usefixtures("context")
def test_a_juror_of_the_category_does_not_file() -> None:
    world.an_edition()
    person = world.holder(world.a_person("Odile"))
    structure = world.a_structure(person)
    round_id = db.session.scalar(select(Round.id).where(Round.region_code == "53"))
    assert round_id is not None
    member = world.holder(person.account_id)
    seat = HeldSeat(1, "seat", round_id, "53", None, "juror")
    juror = type(member)(
        member.account_id,
        member.key,
        member.name,
        member.email,
        seats=(seat,),
        memberships=member.memberships,
    )
    with pytest.raises(JurorCannotFile):
        create_candidacy(juror, structure, world.FILING)


@pytest.mark.usefixtures("context")
def test_a_withdrawal_keeps_its_reason() -> None:
    world.an_edition()
    person, key = world.a_submitted()
    with pytest.raises(ReasonIsMissing):
        withdraw_candidacy(person, key, "  ", world.ADMISSIBILITY)
    withdraw_candidacy(person, key, "Nous renonçons.", world.ADMISSIBILITY)
    row = db.session.execute(
        select(Candidacy.state, Candidacy.withdrawal_reason, Candidacy.withdrawn_at).where(
            Candidacy.key == key
        )
    ).one()
    assert row == ("withdrawn", "Nous renonçons.", world.ADMISSIBILITY)
    with pytest.raises(CandidacyIsWithdrawn):
        withdraw_candidacy(person, key, "Encore", world.ADMISSIBILITY)


@pytest.mark.usefixtures("context")
def test_a_coordinator_does_not_withdraw() -> None:
    world.an_edition()
    _person, key = world.a_submitted()
    with pytest.raises(IsForbidden):
        withdraw_candidacy(world.a_coordinator(), key, "non", world.ADMISSIBILITY)


@pytest.mark.usefixtures("context")
def test_a_deleted_draft_is_restored_for_thirty_days() -> None:
    world.an_edition()
    person, key = world.a_filer()
    save_answer(person, key, "title", "Un titre", 0, world.FILING)
    delete_draft(person, key, world.FILING)
    with pytest.raises(CandidacyIsDeleted):
        save_answer(person, key, "title", "Trop tard", 1, world.FILING)
    with pytest.raises(CandidacyIsDeleted):
        restore_draft(person, key, world.FILING + timedelta(days=31))
    restore_draft(person, key, world.FILING + timedelta(days=29))
    assert save_answer(person, key, "title", "Suite", 1, world.FILING).version == 2


@pytest.mark.usefixtures("context")
def test_a_submitted_candidacy_is_not_deleted() -> None:
    world.an_edition()
    person, key = world.a_submitted()
    with pytest.raises(CandidacyIsSubmitted):
        delete_draft(person, key, world.FILING + timedelta(hours=2))


def test_twenty_creations_at_once_make_one(app: Flask) -> None:
    with app.app_context():
        world.an_edition()
        person = world.holder(world.a_person("Odile"))
        structure = world.a_structure(person)
        account_id = person.account_id
    results = at_once(app, 20, lambda: create_candidacy(world.holder(account_id), structure, world.FILING))
    made = {result for result in results if isinstance(result, str)}
    told = {result.key for result in results if isinstance(result, CandidacyExists)}
    assert len(made) == 1
    assert told == made
    with app.app_context():
        assert db.session.scalar(select(func.count(Candidacy.id))) == 1
