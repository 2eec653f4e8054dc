"""A file changes region when two chambers agree, before anything was decided of it."""

import pytest
from sqlalchemy import select

from awards_app.database import db
from awards_app.domain.admissibility_acts import (
    TransferIsNotPossible,
    TransferIsSettled,
    TransferWaits,
)
from awards_app.domain.refusals import DoesNotExist, InputIsInvalid
from awards_app.models.candidacies import Candidacy
from awards_app.models.editions import Round
from awards_app.models.journal import JournalEntry
from awards_app.queries.region_transfers import transfers_of
from awards_app.queries.staff import staff_round
from awards_app.services.accounts import grant_role
from awards_app.services.admissibility import decide_admissibility
from awards_app.services.pending import ActAwaitsAnotherPerson
from awards_app.services.region_transfers import (
    accept_transfer,
    ask_transfer,
    decline_transfer,
    withdraw_transfer,
)
from tests import desk_world as desk
from tests import filing_world as world
from tests.invariants import broken

pytestmark = pytest.mark.usefixtures("context")
NOW, LATER = desk.NOW, desk.LATER


def _region_of(key: str) -> str | None:
    return db.session.scalar(
        select(Round.region_code).join(Candidacy, Candidacy.round_id == Round.id).where(Candidacy.key == key)
    )


def test_two_chambers_agree_and_everybody_is_told() -> None:
    world.an_edition()
    _person, key = world.a_submitted()
    asker, taker = world.a_coordinator(), world.a_coordinator("Yvon", "28")
    transfer = ask_transfer(asker, key, "28", "Le siège est à Rouen.", NOW)
    assert _region_of(key) == "53"
    with pytest.raises(TransferWaits):
        ask_transfer(asker, key, "11", "Ou à Paris.", NOW)
    there = desk.round_key("28")
    line = transfers_of(taker, there, NOW).lines[0]
    assert (line.candidacy_key, line.structure_name, line.comes_in) == ("", "Les Étoiles 0", True)
    assert staff_round(taker, there, NOW).counts.transfers_in == 1
    assert staff_round(asker, desk.round_key(), NOW).counts.transfers_out == 1
    with pytest.raises(DoesNotExist):
        accept_transfer(asker, there, transfer, LATER)
    assert accept_transfer(taker, there, transfer, LATER) == key
    assert _region_of(key) == "28"
    with pytest.raises(TransferIsSettled):
        decline_transfer(taker, there, transfer, "Non.", LATER)
    assert desk.letters("transfer_asked", "region_changed", "transfer_accepted") == [
        ("transfer_asked", "waiting", "yvon@exemple.org"),
        ("region_changed", "waiting", "odile@exemple.org"),
        ("transfer_accepted", "waiting", "coralie@exemple.org"),
    ]
    rounds = db.session.execute(
        select(JournalEntry.act, Round.region_code)
        .join(Round, Round.id == JournalEntry.round_id)
        .where(JournalEntry.act.like("%_transfer"))
        .order_by(JournalEntry.seq)
    ).all()
    assert sorted(tuple(row) for row in rounds) == [
        ("accept_transfer", "28"),
        ("accept_transfer", "53"),
        ("ask_transfer", "28"),
        ("ask_transfer", "53"),
    ]
    assert broken() == []


def test_the_other_chamber_declines_or_the_first_takes_its_demand_back() -> None:
    world.an_edition()
    _person, key = world.a_submitted()
    asker, taker = world.a_coordinator(), world.a_coordinator("Yvon", "28")
    there = desk.round_key("28")
    first = ask_transfer(asker, key, "28", "Le siège est à Rouen.", NOW)
    with pytest.raises(InputIsInvalid):
        decline_transfer(taker, there, first, " ", LATER)
    decline_transfer(taker, there, first, "Le siège est à Rennes.", LATER)
    second = ask_transfer(asker, key, "28", "Le siège a déménagé.", LATER)
    with pytest.raises(DoesNotExist):
        withdraw_transfer(taker, there, second, LATER)
    withdraw_transfer(asker, desk.round_key(), second, LATER)
    with pytest.raises(TransferIsSettled):
        accept_transfer(taker, there, second, LATER)
    assert _region_of(key) == "53"


def test_a_decided_file_stays_and_so_does_one_of_a_round_that_scores() -> None:
    world.an_edition()
    _person, key = world.a_submitted()
    asker, taker = world.a_coordinator(), world.a_coordinator("Yvon", "28")
    there = desk.round_key("28")
    transfer = ask_transfer(asker, key, "28", "Le siège est à Rouen.", NOW)
    world.set_phase("P3", "28")
    with pytest.raises(TransferIsNotPossible):
        ask_transfer(asker, world.a_submitted("Xavier", 1)[1], "28", "Le siège est à Rouen.", NOW)
    world.set_phase("P2", "28")
    decide_admissibility(asker, key, "admissible", "", LATER)
    with pytest.raises(TransferIsNotPossible):
        accept_transfer(taker, there, transfer, LATER)
    with pytest.raises(InputIsInvalid):
        ask_transfer(asker, world.a_submitted("Zoe", 2)[1], "53", "La même.", NOW)


def test_who_asked_does_not_accept_whatever_their_rights() -> None:
    world.an_edition()
    _person, key = world.a_submitted()
    account = world.a_person("Nora")
    grant_role(None, account, "national_staff", None, world.BEFORE)
    national = world.holder(account)
    transfer = ask_transfer(national, key, "28", "Le siège est à Rouen.", NOW)
    with pytest.raises(ActAwaitsAnotherPerson):
        accept_transfer(national, desk.round_key("28"), transfer, LATER)
    with pytest.raises(DoesNotExist):
        ask_transfer(world.a_coordinator("Yvon", "11"), key, "11", "À nous.", NOW)
