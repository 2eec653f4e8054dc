"""The embargo, the read-back, the instant it lifts, the erratum: no honour row before, all at once after."""

from datetime import datetime, timedelta

import pytest
from sqlalchemy import func, select

from awards_app.database import atomic, db
from awards_app.domain.deadlines import LocalTimeDoesNotExist, LocalTimeHappensTwice
from awards_app.domain.honours import EmbargoIsPast, PublicationIsBlocked, ReadBackIsWrong
from awards_app.domain.refusals import IsForbidden, IsNotThePhase
from awards_app.models.certificates import Certificate
from awards_app.models.deliberations import Decision
from awards_app.models.editions import Prize, Round
from awards_app.models.honours import EditionRecord, Honour
from awards_app.models.journal import JournalEntry
from awards_app.models.messages import Message
from awards_app.models.scoring import Snapshot
from awards_app.services.certificate_printing import issue_certificate
from awards_app.services.certificates import order_certificates, verify
from awards_app.services.deliberations import annul_decision
from awards_app.services.honours import (
    archive_round,
    arm_publication,
    disarm_publication,
    publish_due,
    publish_now,
    set_embargo,
)
from tests.decision_world import (
    CANARY,
    DELIBERATION,
    EMBARGO,
    LIFT,
    a_decided_round,
    an_armed_round,
    read_back,
    responsible,
    round_of,
)
from tests.services.at_once import at_once


def honours():
    rows = db.session.execute(
        select(
            Honour.distinction, Honour.structure_name, Honour.amount, Honour.retracted_at.is_not(None)
        ).order_by(Honour.id)
    )
    return [tuple(row) for row in rows]


def test_nothing_is_written_for_the_public_before_the_lift(context):
    an_armed_round()

    assert publish_due(LIFT - timedelta(seconds=1)) == []

    assert honours() == []
    assert db.session.scalar(select(func.count()).select_from(Message)) == 0
    assert CANARY not in repr(db.session.execute(select(Honour)).all())


def test_at_the_instant_everything_is_public_in_one_move(context):
    world = an_armed_round()
    responsible(world, "Béta")
    responsible(world, "Alpha")

    assert publish_due(LIFT) == [world.round_key]

    letters = db.session.execute(select(Message.kind, Message.state).order_by(Message.kind, Message.id)).all()
    assert round_of(world).phase == "P6"
    assert honours() == [
        ("selected", "Structure Béta", None, False),
        ("laureate", "Structure Béta", 1000, False),
    ]
    assert [tuple(row) for row in letters] == [
        ("decision_not_selected", "held"),
        ("decision_selected", "held"),
    ]
    assert db.session.scalar(select(EditionRecord.year).where(EditionRecord.year == 2027)) is None


def test_published_once_by_two_workers_and_by_a_second_delivery(app):
    with app.app_context():
        world = an_armed_round()

    results = at_once(app, 4, lambda: publish_due(LIFT))

    with app.app_context():
        again = publish_due(LIFT + timedelta(minutes=1))
        moves = db.session.scalar(
            select(func.count()).select_from(JournalEntry).where(JournalEntry.act == "publish_honours")
        )
        assert sorted(map(str, results)) == sorted(["[]", "[]", "[]", str([world.round_key])])
        assert (again, moves, len(honours())) == ([], 1, 2)


def test_more_than_a_day_late_waits_for_a_person(context):
    world = an_armed_round()

    assert publish_due(LIFT + timedelta(hours=24, seconds=1)) == []
    late = LIFT + timedelta(days=3)
    assert publish_now(world.coordinator, world.round_key, read_back(world), late) == "pending"
    assert publish_now(world.holder("NS2"), world.round_key, read_back(world), late) == "done"

    assert round_of(world).phase == "P6"


def test_a_later_embargo_holds_and_an_earlier_one_needs_two(context):
    world = an_armed_round()
    tomorrow = EMBARGO + timedelta(days=1)

    assert set_embargo(world.coordinator, world.round_key, tomorrow, LIFT - timedelta(minutes=5)) == "done"
    assert publish_due(LIFT) == []
    assert set_embargo(world.coordinator, world.round_key, EMBARGO, DELIBERATION) == "pending"
    assert round_of(world).embargo_local == "2027-11-27T18:00"
    assert set_embargo(world.holder("NS1"), world.round_key, EMBARGO, DELIBERATION) == "done"
    assert round_of(world).embargo_local == "2027-11-26T18:00"


def test_an_impossible_instant_is_refused_with_both_readings(context):
    world = a_decided_round()
    who = world.coordinator

    with pytest.raises(EmbargoIsPast) as past:
        set_embargo(who, world.round_key, datetime.fromisoformat("2027-09-01T18:00"), DELIBERATION)
    with pytest.raises(LocalTimeDoesNotExist):
        set_embargo(who, world.round_key, datetime.fromisoformat("2028-03-26T02:30"), DELIBERATION)
    with pytest.raises(LocalTimeHappensTwice):
        set_embargo(who, world.round_key, datetime.fromisoformat("2027-10-31T02:30"), DELIBERATION)

    assert past.value.values == {"local": "01/09/2027 18:00 (UTC+2)", "utc": "01/09/2027 16:00"}
    assert past.value.status == 422


def test_arming_too_late_says_the_instant_as_people_write_it(context):
    world = a_decided_round()
    set_embargo(world.coordinator, world.round_key, EMBARGO, DELIBERATION)
    with pytest.raises(EmbargoIsPast) as late:
        arm_publication(world.coordinator, world.round_key, read_back(world), LIFT)
    assert late.value.values == {"local": "26/11/2027 18:00 (UTC+1)", "utc": "26/11/2027 17:00"}


def test_the_read_back_wants_the_very_name(context):
    world = a_decided_round()
    set_embargo(world.coordinator, world.round_key, EMBARGO, DELIBERATION)
    right = read_back(world)

    for wrong in ("Structure Beta", "Structure Bêta", "", "Autre"):
        with pytest.raises(ReadBackIsWrong):
            arm_publication(world.coordinator, world.round_key, dict.fromkeys(right, wrong), DELIBERATION)
    spaced = dict.fromkeys(right, "  STRUCTURE   be\u0301ta ")
    assert arm_publication(world.coordinator, world.round_key, spaced, DELIBERATION) == "pending"
    with pytest.raises(ReadBackIsWrong):
        arm_publication(world.holder("NS1"), world.round_key, {}, DELIBERATION)
    assert round_of(world).publication_armed_at is None


def test_one_person_alone_never_arms_and_anyone_of_the_two_disarms(context):
    world = a_decided_round()
    set_embargo(world.coordinator, world.round_key, EMBARGO, DELIBERATION)
    right = read_back(world)

    assert arm_publication(world.holder("NS1"), world.round_key, right, DELIBERATION) == "pending"
    assert arm_publication(world.holder("NS1"), world.round_key, right, DELIBERATION) == "pending"
    assert arm_publication(world.holder("NS2"), world.round_key, right, DELIBERATION) == "pending"
    assert arm_publication(world.coordinator, world.round_key, right, DELIBERATION) == "done"
    disarm_publication(world.coordinator, world.round_key, DELIBERATION)

    assert publish_due(LIFT) == []


def test_a_snapshot_that_was_altered_is_never_published(context):
    world = an_armed_round()
    with atomic() as session:
        row = session.scalars(select(Snapshot).where(Snapshot.round_id == world.round_id)).one()
        row.content = row.content.replace('"a":4', '"a":5', 1)

    with pytest.raises(PublicationIsBlocked):
        arm_publication(world.coordinator, world.round_key, read_back(world), DELIBERATION)
    assert publish_due(LIFT) == []
    assert (round_of(world).publication_armed_at, honours()) == (None, [])


def test_a_wrong_laureate_is_corrected_on_every_surface(context):
    world = an_armed_round()
    order_certificates(world.coordinator, world.round_key, DELIBERATION)
    old = db.session.execute(select(Certificate.id, Certificate.number)).one()
    issue_certificate(old.id, DELIBERATION)
    publish_due(LIFT)
    title = db.session.scalars(select(Honour.decision_id).where(Honour.distinction == "laureate")).one()
    key = db.session.get_one(Decision, title).key
    right = {"candidacy_key": world.files["Alpha"], "citation": "Pour Alpha."}

    first = annul_decision(world.coordinator, key, "Noms inversés.", LIFT, replacement=right)
    assert (first, len(honours()), verify(old.number).state) == ("pending", 2, "valid")
    second = annul_decision(world.holder("NS1"), key, "Noms inversés.", LIFT, replacement=right)

    new = db.session.execute(
        select(Certificate.id, Certificate.number).where(Certificate.state == "waiting")
    ).one()
    issue_certificate(new.id, LIFT)
    errata = db.session.scalars(select(Honour.erratum).where(Honour.erratum != "").order_by(Honour.id)).all()
    assert second == "done"
    assert honours()[1:] == [
        ("laureate", "Structure Béta", 1000, True),
        ("laureate", "Structure Alpha", None, False),
        # Its endowment was not annulled: it stands on a page of its own until somebody does.
        ("special", "Structure Béta", 1000, False),
    ]
    assert errata == ["Rectificatif du 26 novembre 2027 : Noms inversés."] * 3
    assert (verify(old.number).state, verify(new.number).structure) == ("revoked", "Structure Alpha")
    assert round_of(world).phase == "P6"


def test_a_correction_of_the_citation_replaces_the_certificate(context):
    world = an_armed_round()
    order_certificates(world.coordinator, world.round_key, DELIBERATION)
    old = db.session.execute(select(Certificate.id, Certificate.number)).one()
    issue_certificate(old.id, DELIBERATION)
    publish_due(LIFT)
    title = db.session.scalars(
        select(Decision.key).join(Certificate, Certificate.decision_id == Decision.id)
    ).one()
    same = {"candidacy_key": world.files["Béta"], "citation": "Pour un lieu ouvert."}

    annul_decision(world.coordinator, title, "Coquille.", LIFT, replacement=same)
    annul_decision(world.holder("NS1"), title, "Coquille.", LIFT, replacement=same)
    new = db.session.execute(
        select(Certificate.id, Certificate.number).where(Certificate.state == "waiting")
    ).one()
    issue_certificate(new.id, LIFT)

    answer = verify(old.number)
    assert (answer.state, answer.replaced_by, new.number != old.number) == ("replaced", new.number, True)


def test_national_staff_archive_a_published_round(context):
    world = an_armed_round()
    with pytest.raises(IsNotThePhase):
        archive_round(world.holder("NS1"), world.round_key, LIFT)
    publish_due(LIFT)
    with pytest.raises(IsForbidden):
        archive_round(world.coordinator, world.round_key, LIFT)

    archive_round(world.holder("NS1"), world.round_key, LIFT)

    assert db.session.scalar(select(Round.phase).where(Round.id == world.round_id)) == "P7"


def test_a_correction_drops_what_waited_and_writes_a_rectificatif_to_both(context):
    world = an_armed_round()
    former, newer = responsible(world, "Béta"), responsible(world, "Alpha")
    publish_due(LIFT)
    title = db.session.scalars(
        select(Decision.key)
        .join(Prize)
        .where(Decision.round_id == world.round_id, Prize.code == "regional_title")
    ).one()
    replacement = {"candidacy_key": world.files["Alpha"], "citation": "Pour Alpha."}

    for holder in (world.coordinator, world.holder("NS1")):
        annul_decision(holder, title, "Noms inversés.", LIFT, replacement=replacement)

    rows = db.session.execute(
        select(Message.kind, Message.account_id, Message.state).order_by(Message.kind, Message.account_id)
    )
    assert [tuple(row) for row in rows] == [
        ("decision_corrected", newer, "held"),
        ("decision_not_selected", newer, "dropped"),
        ("decision_selected", former, "dropped"),
        ("decision_withdrawn", former, "held"),
    ]
