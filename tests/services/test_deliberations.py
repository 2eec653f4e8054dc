"""Deciding: order, ties, places, quorum, the second person, what is sent up, what an annulment undoes."""

import pytest
from sqlalchemy import select

from awards_app.database import atomic, db
from awards_app.domain.deliberations import (
    CandidacyCannotBeDecided,
    DecisionsAreBlocked,
    InterestConflict,
    PlacesAreTaken,
    ProposalIsConfirmed,
    ReasonIsNeeded,
    TieBreakIsInvalid,
    TieIsOpen,
)
from awards_app.domain.refusals import DoesNotExist, IsForbidden, IsNotThePhase
from awards_app.models.candidacies import Candidacy
from awards_app.models.deliberations import Decision, Minutes
from awards_app.models.honours import NationalEntry
from awards_app.models.journal import JournalEntry
from awards_app.models.juries import Interest, Seat
from awards_app.models.scoring import StandingRow
from awards_app.services.accounts import ensure_account, grant_role
from awards_app.services.deliberations import (
    annul_decision,
    break_tie,
    confirm_decisions,
    on_candidacy_withdrawn,
    withdraw_proposal,
    write_minutes,
)
from tests.decision_world import (
    DELIBERATION,
    MINUTES,
    a_decided_round,
    a_locked_round,
    an_armed_round,
    be_present,
    places,
    propose,
    round_of,
)
from tests.jury_world import add_file, add_member, add_seat, person


def withdraw(world, file):
    with atomic() as session:
        row = session.scalars(select(Candidacy).where(Candidacy.key == world.files[file])).one()
        row.state, row.withdrawn_at = "withdrawn", DELIBERATION


def points_of(world, holder=None):
    with pytest.raises(DecisionsAreBlocked) as refused:
        confirm_decisions(holder or world.coordinator, world.round_key, DELIBERATION)
    return list(refused.value.points)


def ready(world):
    be_present(world)
    write_minutes(world.holder("J1"), world.round_key, MINUTES, DELIBERATION)


def test_the_chair_proposes_and_the_coordinator_confirms(context):
    world = a_decided_round()

    entries = db.session.execute(
        select(NationalEntry.candidacy_id, NationalEntry.filing_id.is_not(None), NationalEntry.ended_at)
    ).all()
    minutes = db.session.scalars(select(Minutes)).one()
    acts = db.session.scalars(select(JournalEntry.act).order_by(JournalEntry.seq.desc()).limit(2)).all()
    assert round_of(world).phase == "P5"
    assert [tuple(row) for row in entries] == [(world.candidacy_id("Béta"), True, None)]
    assert (minutes.number, len(minutes.sha256 or "")) == ("PV-2027-53-1", 64)
    assert acts == ["confirm_decision", "freeze_minutes"]


@pytest.mark.parametrize("who", ["J3", "coordinator", "NS1"])
def test_only_the_chair_proposes(context, who):
    world = a_locked_round()
    world.accounts["coordinator"] = world.coordinator_id

    with pytest.raises(IsForbidden):
        propose(world, "regional_title", "Béta", by=who)


def test_a_better_ranked_file_is_not_passed_over_without_a_reason(context):
    world = a_locked_round()

    with pytest.raises(ReasonIsNeeded):
        propose(world, "regional_title", "Alpha")
    propose(world, "regional_title", "Alpha", reason="L’ancrage local a convaincu le jury.")

    assert db.session.scalars(select(Decision.reason)).all() == ["L’ancrage local a convaincu le jury."]


def test_nothing_awarded_needs_a_reason(context):
    world = a_locked_round()

    with pytest.raises(ReasonIsNeeded):
        propose(world, "regional_title", None)
    propose(world, "regional_title", None, reason="Aucun dossier ne s’est détaché.")

    assert db.session.scalars(select(Decision.candidacy_id)).all() == [None]


def test_a_file_of_another_kind_cannot_be_distinguished(context):
    world = a_locked_round()
    add_file(world, "Ailleurs", "te")
    world.files["Inconnue"] = "inconnue"
    withdraw(world, "Béta")

    for file in ("Ailleurs", "Inconnue", "Béta"):
        with pytest.raises(CandidacyCannotBeDecided) as refused:
            propose(world, "regional_title", file)
        assert refused.value.status == 422


def test_no_more_distinctions_than_places(context):
    world = a_locked_round()
    propose(world, "regional_title", "Béta")

    with pytest.raises(PlacesAreTaken):
        propose(world, "regional_title", "Alpha", reason="Aussi.")


def test_a_tie_across_the_cut_waits_for_its_tie_break(context):
    world = a_locked_round()
    places(world, "regional_title", 3)
    for file in ("Béta", "Alpha"):
        propose(world, "regional_title", file)

    with pytest.raises(TieIsOpen):
        propose(world, "regional_title", "Gamma")
    order = [world.files["Gamma"], world.files["Epsilon"]]
    chair = world.holder("J1")
    with pytest.raises(TieBreakIsInvalid):
        break_tie(chair, world.round_key, "us", order, "vote", "  ", DELIBERATION)
    with pytest.raises(TieBreakIsInvalid):
        break_tie(chair, world.round_key, "us", [*order, world.files["Delta"]], "vote", "Vote.", DELIBERATION)
    break_tie(chair, world.round_key, "us", order, "vote", "Trois voix contre une.", DELIBERATION)
    propose(world, "regional_title", "Gamma")

    assert len(db.session.scalars(select(Decision.id)).all()) == 3


def test_an_open_tie_blocks_the_confirmation_even_where_nothing_was_proposed_of_it(context):
    world = a_locked_round()
    ready(world)
    places(world, "regional_title", 3)
    for file in ("Béta", "Alpha"):
        propose(world, "regional_title", file)
    propose(world, "national_entry", "Béta")

    assert points_of(world) == [
        "« Prix régional », Utilité sociale : des ex æquo à la limite des places ne sont pas départagés."
    ]


def test_every_blocking_point_is_listed(context):
    world = a_locked_round()
    propose(world, "regional_title", "Béta")

    assert points_of(world) == [
        "La présence de 4 membres du jury n’est pas notée.",
        "Le procès-verbal n’est pas rédigé.",
        "« Retenue pour le jury national », Utilité sociale : rien n’est proposé, pas même « non décerné ».",
        "« Prix régional » à Structure Béta : le quorum n’est pas atteint pour ce dossier.",
    ]
    assert round_of(world).phase == "P4"


def test_the_quorum_is_counted_without_the_recused(context):
    """J2 stands aside from Béta: of the three others two are needed, of the four for Alpha two as well."""
    world = a_locked_round()
    ready(world)
    propose(world, "regional_title", "Béta")
    propose(world, "national_entry", "Alpha", reason="L’ancrage.")

    be_present(world, "J3", "J4")

    assert points_of(world) == [
        "« Prix régional » à Structure Béta : le quorum n’est pas atteint pour ce dossier."
    ]


def test_the_proposer_does_not_confirm(context):
    world = a_locked_round()
    ready(world)
    for prize in ("national_entry", "regional_title"):
        propose(world, prize, "Béta")
    grant_role(None, world.accounts["J1"], "coordinator", "53", DELIBERATION)

    assert points_of(world, world.holder("J1")) == [
        "Vous avez proposé une des décisions : une autre personne doit confirmer."
    ]


def test_a_coordinator_of_a_candidate_structure_does_not_confirm(context):
    world = a_locked_round()
    ready(world)
    for prize in ("national_entry", "regional_title"):
        propose(world, prize, "Béta")
    world.accounts["coordinator"] = world.coordinator_id
    add_member(world, "coordinator", "Delta")

    with pytest.raises(InterestConflict):
        confirm_decisions(world.coordinator, world.round_key, DELIBERATION)


def test_a_chair_who_stands_aside_leaves_the_theme_to_the_deputy(context):
    world = a_locked_round()
    add_seat(world, "Adèle", "deputy")
    with atomic() as session:
        row = session.scalars(
            select(Interest)
            .join(Seat)
            .where(Seat.key == world.seats["J1"], Interest.candidacy_id == world.candidacy_id("Alpha"))
        ).one()
        row.verdict, row.reason = "recused", "lien"

    with pytest.raises((IsForbidden, DoesNotExist)):
        propose(world, "regional_title", "Béta")
    propose(world, "regional_title", "Béta", by="Adèle")

    assert db.session.scalars(select(Decision.proposed_by_id)).all() == [world.accounts["Adèle"]]


def test_a_stored_rank_that_was_altered_blocks(context):
    world = a_locked_round()
    ready(world)
    for prize in ("national_entry", "regional_title"):
        propose(world, prize, "Béta")
    with atomic() as session:
        row = session.scalars(
            select(StandingRow).where(StandingRow.candidacy_id == world.candidacy_id("Delta"))
        ).one()
        row.rank = 4

    assert points_of(world) == [
        "Le classement de Utilité sociale, recalculé, n’est pas celui qui est enregistré."
    ]


def test_a_proposal_is_taken_back_until_it_is_confirmed(context):
    world = a_locked_round()
    key = propose(world, "regional_title", "Béta")
    withdraw_proposal(world.holder("J1"), key, DELIBERATION)
    assert propose(world, "regional_title", "Alpha", reason="Choix du jury.") != key

    decided = propose(world, "national_entry", "Béta")
    ready(world)
    confirm_decisions(world.coordinator, world.round_key, DELIBERATION)

    with pytest.raises((IsNotThePhase, ProposalIsConfirmed)):
        withdraw_proposal(world.holder("J1"), decided, DELIBERATION)


def test_two_persons_annul_and_the_round_deliberates_again(context):
    world = a_decided_round()
    key = db.session.scalars(
        select(Decision.key).join(NationalEntry, NationalEntry.decision_id == Decision.id)
    ).one()

    first = annul_decision(world.holder("J1"), key, "Erreur de nom.", DELIBERATION)
    again = annul_decision(world.holder("J1"), key, "Erreur de nom.", DELIBERATION)
    second = annul_decision(world.coordinator, key, "Erreur de nom.", DELIBERATION)

    left = db.session.scalars(select(Decision.confirmed_at).where(Decision.annulled_at.is_(None))).all()
    minutes = db.session.execute(
        select(Minutes.number, Minutes.frozen_at.is_not(None), Minutes.replaced_at.is_not(None)).order_by(
            Minutes.id
        )
    ).all()
    assert (first, again, second) == ("pending", "pending", "done")
    assert round_of(world).phase == "P4"
    assert left == [None, None]
    assert db.session.scalars(select(NationalEntry.ended_reason)).all() == ["Erreur de nom."]
    assert [tuple(row) for row in minutes] == [("PV-2027-53-1", True, True), ("PV-2027-53-2", False, False)]


def test_a_withdrawal_under_embargo_disarms_and_promotes_nobody(context):
    world = an_armed_round()
    withdraw(world, "Béta")

    assert on_candidacy_withdrawn(world.candidacy_id("Béta"), DELIBERATION) == 1

    row = round_of(world)
    flagged = db.session.scalars(
        select(JournalEntry.act).where(JournalEntry.act.in_(("disarm_publication", "flag_decision")))
    ).all()
    assert (row.phase, row.publication_armed_at) == ("P5", None)
    assert sorted(flagged) == ["disarm_publication", *["flag_decision"] * 3]
    assert len(db.session.scalars(select(Decision.id).where(Decision.annulled_at.is_(None))).all()) == 3


def test_jurors_of_other_rooms_do_not_see_the_room(context):
    world = a_locked_round()
    outsider = person(ensure_account("x@ailleurs.exemple", "X", DELIBERATION))
    with pytest.raises(DoesNotExist):
        write_minutes(outsider, world.round_key, MINUTES, DELIBERATION)
