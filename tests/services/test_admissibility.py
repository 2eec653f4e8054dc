"""The chamber's decision: by its people, with its reason, once told, never of a withdrawn file."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from awards_app.database import db
from awards_app.domain.candidacies import CandidacyIsNotSubmitted, CandidacyIsWithdrawn, ReasonIsMissing
from awards_app.domain.refusals import DoesNotExist, IsNotThePhase
from awards_app.models.candidacies import AdmissibilityDecision
from awards_app.models.messages import Message
from awards_app.services.admissibility import ConflictOfInterest, decide_admissibility
from awards_app.services.candidacies import withdraw_candidacy
from awards_app.services.structures import accept_invitation, invite_member
from tests import filing_world as world

pytestmark = pytest.mark.usefixtures("context")
NOW = world.ADMISSIBILITY


def test_a_refusal_says_why_and_is_told() -> None:
    world.an_edition()
    _person, key = world.a_submitted()
    coordinator = world.a_coordinator()
    with pytest.raises(ReasonIsMissing):
        decide_admissibility(coordinator, key, "inadmissible", " ", NOW)
    decide_admissibility(coordinator, key, "inadmissible", "Trop jeune.", NOW, notice="hold")
    decide_admissibility(coordinator, key, "inadmissible", "Trop jeune.", NOW)
    decide_admissibility(coordinator, key, "admissible", "", NOW + timedelta(hours=1))
    rows = db.session.execute(
        select(AdmissibilityDecision.verdict, AdmissibilityDecision.replaced_at).order_by(
            AdmissibilityDecision.id
        )
    ).all()
    assert rows == [("inadmissible", NOW + timedelta(hours=1)), ("admissible", None)]
    messages = db.session.execute(
        select(Message.kind, Message.state, Message.recipient)
        .where(Message.kind != "receipt")
        .order_by(Message.id)
    ).all()
    assert messages == [
        ("not_admissible", "dropped", "odile@exemple.org"),
        ("admissible", "waiting", "odile@exemple.org"),
    ]


def test_it_waits_for_the_call_to_close_and_for_the_right_region() -> None:
    world.an_edition()
    _person, key = world.a_submitted()
    with pytest.raises(IsNotThePhase):
        decide_admissibility(world.a_coordinator(), key, "admissible", "", world.FILING)
    with pytest.raises(DoesNotExist):
        decide_admissibility(world.a_coordinator("Yvon", "11"), key, "admissible", "", NOW)


def test_a_draft_and_a_withdrawn_file_are_not_decided() -> None:
    world.an_edition()
    _person, draft = world.a_filer()
    other, key = world.a_submitted("Xavier", 1)
    withdraw_candidacy(other, key, "Nous renonçons.", NOW)
    coordinator = world.a_coordinator()
    with pytest.raises(CandidacyIsNotSubmitted):
        decide_admissibility(coordinator, draft, "admissible", "", NOW)
    with pytest.raises(CandidacyIsWithdrawn):
        decide_admissibility(coordinator, key, "admissible", "", NOW)


def test_a_coordinator_who_is_a_candidate_does_not_decide_in_the_category() -> None:
    world.an_edition()
    person, _own = world.a_submitted()
    _other, key = world.a_submitted("Xavier", 1)
    coordinator = world.a_coordinator()
    invitation = invite_member(person, world.structure_key(person), "coralie@exemple.org", "member", NOW)
    accept_invitation(coordinator.account_id, invitation, NOW)
    with pytest.raises(ConflictOfInterest):
        decide_admissibility(world.holder(coordinator.account_id), key, "admissible", "", NOW)
