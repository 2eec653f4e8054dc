"""Two persons, one act: the second confirms what the first proposed, by the other right, in the same phase."""

from datetime import timedelta

import pytest
from sqlalchemy import case, select

from awards_app.database import db
from awards_app.domain.refusals import DoesNotExist, InputIsInvalid, Refusal
from awards_app.models.accounts import PendingAct, RoleGrant
from awards_app.models.deliberations import Decision
from awards_app.models.editions import Prize
from awards_app.models.honours import Honour
from awards_app.services.accounts import ensure_account, grant_role
from awards_app.services.agreements import AnotherProposalWaits
from awards_app.services.annulments import annul_decision
from awards_app.services.confirmations import confirm
from awards_app.services.decisions import confirm_decisions
from awards_app.services.honours import publish_due, set_embargo
from awards_app.services.juries import readdress_seat, remove_juror
from awards_app.services.locking import unlock_scoring
from awards_app.services.minutes import write_minutes
from awards_app.services.roles import OwnRoleStays, confirm_role_act, give_role, take_role
from awards_app.services.scoring import waive_scoresheet
from tests.decision_world import (
    DELIBERATION,
    EMBARGO,
    LIFT,
    MINUTES,
    a_decided_round,
    a_locked_round,
    an_armed_round,
    be_present,
    propose,
    round_of,
)
from tests.jury_world import BEFORE, REGION, SCORING, add_file, add_seat, golden_world, person

CORRECTIONS = select(PendingAct.key).where(PendingAct.verb == "annul_decision")


def decide(world):
    be_present(world)
    for prize in ("national_entry", "regional_title", "regional_endowment"):
        propose(world, prize, "Béta")
    write_minutes(world.holder("J1"), world.round_key, MINUTES, DELIBERATION)
    confirm_decisions(world.coordinator, world.round_key, DELIBERATION)


@pytest.mark.parametrize("who", ["RC", "NS1"])
def test_what_the_chair_proposed_before_the_decision_does_not_unlock_it_with_one_more_person(context, who):
    world = a_locked_round()
    assert unlock_scoring(world.holder("J1"), world.round_key, "Une erreur.", DELIBERATION) == "pending"
    decide(world)
    second = world.coordinator if who == "RC" else world.holder(who)

    outcome = unlock_scoring(second, world.round_key, "Une erreur.", DELIBERATION)

    assert (outcome, round_of(world).phase) == ("pending", "P5")


def test_what_the_chamber_proposed_before_the_decision_is_proposed_again_after_it(context):
    world = a_locked_round()
    unlock_scoring(world.coordinator, world.round_key, "Une erreur.", DELIBERATION)
    decide(world)

    assert unlock_scoring(world.holder("NS1"), world.round_key, "Une erreur.", DELIBERATION) == "pending"
    assert round_of(world).phase == "P5"
    outcomes = db.session.scalars(select(PendingAct.outcome).order_by(PendingAct.id)).all()
    assert outcomes == ["expired", None]


def test_an_annulment_proposed_under_embargo_retracts_nothing_once_published(context):
    world = an_armed_round()
    key = db.session.scalars(select(Decision.key).order_by(Decision.id)).first()
    assert annul_decision(world.holder("J1"), key, "Erreur.", LIFT - timedelta(hours=1)) == "pending"
    assert publish_due(LIFT) == [world.round_key]

    assert annul_decision(world.coordinator, key, "Erreur.", LIFT + timedelta(hours=1)) == "pending"
    assert db.session.scalar(select(Decision.annulled_at).where(Decision.key == key)) is None


def test_a_proposal_is_dead_after_its_day(context):
    world = a_decided_round()
    key = db.session.scalars(select(Decision.key).order_by(Decision.id)).first()
    annul_decision(world.holder("J1"), key, "Erreur.", DELIBERATION)

    late = DELIBERATION + timedelta(hours=24)

    assert annul_decision(world.coordinator, key, "Erreur.", late) == "pending"
    assert round_of(world).phase == "P5"


def test_who_types_another_embargo_does_not_confirm_the_first(context):
    world = a_decided_round()
    set_embargo(world.coordinator, world.round_key, EMBARGO, DELIBERATION)
    sooner = EMBARGO - timedelta(days=7)
    set_embargo(world.coordinator, world.round_key, sooner, DELIBERATION)

    with pytest.raises(AnotherProposalWaits):
        set_embargo(world.holder("NS1"), world.round_key, EMBARGO - timedelta(days=1), DELIBERATION)

    assert round_of(world).embargo_local == "2027-11-26T18:00"
    assert set_embargo(world.holder("NS1"), world.round_key, sooner, DELIBERATION) == "done"
    assert round_of(world).embargo_local == "2027-11-19T18:00"


def correction(world, name, citation):
    return {"candidacy_key": world.files[name], "citation": citation}


def a_published_title():
    world = an_armed_round()
    publish_due(LIFT)
    return world, db.session.scalars(
        select(Decision.key).join(Prize).where(Prize.code == "regional_title")
    ).one()


@pytest.mark.parametrize("other", [None, ("Alpha", "Une autre."), ("Béta", "Pour Alpha.")])
def test_who_corrects_otherwise_does_not_confirm_the_first(context, other):
    world, key = a_published_title()
    first = correction(world, "Alpha", "Pour Alpha.")
    annul_decision(world.coordinator, key, "Erreur.", LIFT, replacement=first)

    with pytest.raises(AnotherProposalWaits):
        annul_decision(
            world.holder("NS1"), key, "Erreur.", LIFT, replacement=other and correction(world, *other)
        )

    assert db.session.scalar(select(Decision.annulled_at).where(Decision.key == key)) is None
    act = db.session.scalars(CORRECTIONS).one()
    assert confirm(world.holder("NS1"), act, LIFT) == "done"
    assert honours_of("regional_title") == [
        ("Structure Béta", True, ""),
        ("Structure Alpha", False, "Pour Alpha."),
    ]


def honours_of(prize):
    return [
        tuple(row)
        for row in db.session.execute(
            select(
                Honour.structure_name,
                Honour.retracted_at.is_not(None),
                case((Honour.retracted_at.is_(None), Honour.citation), else_=""),
            )
            .join(Decision, Decision.id == Honour.decision_id)
            .join(Prize, Prize.id == Decision.prize_id)
            .where(Prize.code == prize)
            .order_by(Honour.id)
        )
    ]


def test_a_correction_is_written_as_text_is_kept(context):
    world, key = a_published_title()
    first = correction(world, "Alpha", " Un lieu\r\nouvert.\x07 ")
    for holder in (world.coordinator, world.holder("NS1")):
        annul_decision(holder, key, "Une\r\nerreur.\x07", LIFT, replacement=first)

    assert honours_of("regional_title")[1] == ("Structure Alpha", False, "Un lieu\nouvert.")
    # The title withdrawn, the title given, and the endowment that the first one bore.
    errata = db.session.execute(
        select(Honour.structure_name, Honour.distinction, Honour.erratum)
        .where(Honour.erratum != "")
        .order_by(Honour.id)
    ).all()
    assert [(name, distinction) for name, distinction, _note in errata] == [
        ("Structure Béta", "laureate"),
        ("Structure Alpha", "laureate"),
        ("Structure Béta", "special"),
    ]
    assert {note for _name, _distinction, note in errata} == {
        "Rectificatif du 26 novembre 2027\u00a0: Une\nerreur."
    }


@pytest.mark.parametrize(
    ("reason", "citation", "field"),
    [
        ("x" * 1001, "Pour Alpha.", "reason"),
        ("\u00a0", "Pour Alpha.", "reason"),
        ("Erreur.", "x" * 1201, "citation"),
    ],
)
def test_what_is_too_long_to_be_read_is_not_proposed(context, reason, citation, field):
    world, key = a_published_title()

    with pytest.raises(InputIsInvalid) as refused:
        annul_decision(world.coordinator, key, reason, LIFT, replacement=correction(world, "Alpha", citation))

    assert list(refused.value.errors) == [field]
    assert db.session.scalars(CORRECTIONS).all() == []


def somebody(name):
    account_id = ensure_account(f"{name}@personne.exemple", name, BEFORE)
    return account_id, f"{name}@personne.exemple"


def grants_of(account_id):
    db.session.rollback()
    return db.session.scalars(
        select(RoleGrant.role).where(RoleGrant.account_id == account_id, RoleGrant.revoked_at.is_(None))
    ).all()


def test_who_gives_another_role_does_not_confirm_the_first(context):
    world = a_locked_round()
    account_id, email = somebody("alix")
    assert give_role(world.holder("NS1"), email, "national_staff", None, DELIBERATION) == "pending"

    with pytest.raises(Refusal):
        give_role(world.holder("NS2"), email, "auditor", None, DELIBERATION)

    assert grants_of(account_id) == []
    assert give_role(world.holder("NS2"), email, "national_staff", None, DELIBERATION) == "done"
    assert grants_of(account_id) == ["national_staff"]


def test_nobody_confirms_a_role_for_themselves(context):
    world = a_locked_round()
    email = "ns2@ess-france.exemple"
    give_role(world.holder("NS1"), email, "auditor", None, DELIBERATION)
    key = db.session.scalars(select(PendingAct.key)).one()

    with pytest.raises(OwnRoleStays):
        confirm(world.holder("NS2"), key, DELIBERATION)

    assert grants_of(world.accounts["NS2"]) == ["national_staff"]


def test_two_of_the_chamber_are_not_the_chamber_and_the_national_staff(context):
    world = a_locked_round()
    colleague, _address = somebody("colin")
    grant_role(None, colleague, "coordinator", REGION, BEFORE)
    account_id, email = somebody("alix")
    assert give_role(world.coordinator, email, "coordinator", REGION, DELIBERATION) == "pending"

    assert give_role(person(colleague), email, "coordinator", REGION, DELIBERATION) == "pending"
    with pytest.raises(Refusal):
        confirm_role_act(person(colleague), db.session.scalars(select(PendingAct.key)).one(), DELIBERATION)

    assert grants_of(account_id) == []
    assert give_role(world.holder("NS1"), email, "coordinator", REGION, DELIBERATION) == "done"
    assert grants_of(account_id) == ["coordinator"]


def test_a_coordinator_is_taken_away_by_both_while_the_round_is_locked(context):
    world = a_locked_round()
    grant = db.session.scalars(
        select(RoleGrant.key).where(RoleGrant.account_id == world.coordinator_id)
    ).one()

    assert take_role(world.holder("NS1"), grant, DELIBERATION) == "pending"
    assert take_role(world.holder("NS1"), grant, DELIBERATION) == "pending"
    assert grants_of(world.coordinator_id) == ["coordinator"]
    assert take_role(world.holder("NS2"), grant, DELIBERATION) == "done"
    assert grants_of(world.coordinator_id) == []


def test_what_somebody_proposed_ends_with_their_role(context):
    world, key = a_published_title()
    first = correction(world, "Alpha", "Pour Alpha.")
    annul_decision(world.holder("NS1"), key, "Erreur.", LIFT, replacement=first)
    act = db.session.scalars(CORRECTIONS).one()
    grant = db.session.scalars(
        select(RoleGrant.key).where(RoleGrant.account_id == world.accounts["NS1"])
    ).one()
    assert take_role(world.holder("NS2"), grant, LIFT) == "done"

    with pytest.raises(DoesNotExist):
        confirm(world.coordinator, act, LIFT)

    assert annul_decision(world.coordinator, key, "Erreur.", LIFT, replacement=first) == "pending"
    assert db.session.scalar(select(Decision.annulled_at).where(Decision.key == key)) is None


def test_a_coordinator_keeps_what_they_proposed_where_they_stay(context):
    world, key = a_published_title()
    grant_role(None, world.coordinator_id, "coordinator", "28", BEFORE)
    first = correction(world, "Alpha", "Pour Alpha.")
    annul_decision(world.coordinator, key, "Erreur.", LIFT, replacement=first)
    other = db.session.scalars(
        select(RoleGrant.key).where(
            RoleGrant.account_id == world.coordinator_id, RoleGrant.region_code == "28"
        )
    ).one()
    assert take_role(world.holder("NS1"), other, LIFT) == "done"

    assert confirm(world.holder("NS1"), db.session.scalars(CORRECTIONS).one(), LIFT) == "done"


def a_chair_leaves(world):
    remove_juror(world.coordinator, world.seats["J1"], "Départ.", SCORING)


def a_chair_is_another_person(world):
    readdress_seat(world.coordinator, world.seats["J5"], "autre@exemple.fr", SCORING)


@pytest.mark.parametrize(("chair", "ends"), [("J1", a_chair_leaves), ("J5", a_chair_is_another_person)])
def test_what_a_chair_proposed_ends_with_their_seat(context, chair, ends):
    world = golden_world()
    add_seat(world, "J5", function="chair")
    file = add_file(world, "Zêta")
    waive_scoresheet(world.holder(chair), world.seats["J2"], file, "Absence.", SCORING)
    act = db.session.scalars(select(PendingAct.key)).one()
    ends(world)

    with pytest.raises(DoesNotExist):
        confirm(world.coordinator, act, SCORING)

    assert waive_scoresheet(world.coordinator, world.seats["J2"], file, "Absence.", SCORING) == "pending"
