"""The closing of the call: later alone, earlier by two persons, impossible hours refused, reopened just after."""

from datetime import datetime, timedelta

import pytest
from flask import Flask
from sqlalchemy import select

from awards_app.database import db
from awards_app.domain.deadlines import LocalTimeDoesNotExist, LocalTimeHappensTwice
from awards_app.domain.holder import Holder
from awards_app.domain.refusals import DoesNotExist, InputIsInvalid, IsForbidden, IsNotThePhase
from awards_app.models.editions import Round
from awards_app.models.journal import JournalEntry
from awards_app.models.messages import Message
from awards_app.queries.pending import pending_acts
from awards_app.services import confirmations
from awards_app.services.accounts import grant_role
from awards_app.services.deadlines import REOPENING, change_deadline, set_participation
from awards_app.services.pending import ActAwaitsAnotherPerson
from awards_app.services.rounds import catch_up_all
from tests import filing_world as world

CLOSES = world.CLOSES
LATER = datetime.fromisoformat("2027-07-05T18:00")
EARLIER = datetime.fromisoformat("2027-06-20T12:00")


@pytest.fixture
def key(context: Flask) -> str:
    world.an_edition()
    return str(db.session.scalar(select(Round.key).where(Round.region_code == "53")))


def staff(name: str = "Nora") -> Holder:
    account_id = world.a_person(name)
    grant_role(None, account_id, "national_staff", None, world.BEFORE)
    return world.holder(account_id)


def closing(key: str) -> tuple[str, datetime, str]:
    row = db.session.execute(
        select(Round.closes_local, Round.closes_at, Round.phase).where(Round.key == key)
    ).one()
    return row.closes_local, row.closes_at, row.phase


def test_one_person_extends_and_every_structure_is_told(key: str) -> None:
    world.a_filer("Filou", 0)
    person = world.a_coordinator()
    assert change_deadline(person, key, LATER, "Panne du site", world.FILING) == "done"
    assert closing(key)[0] == "2027-07-05T18:00"
    assert closing(key)[1].isoformat() == "2027-07-05T16:01:00+00:00"
    told = db.session.scalars(select(Message.body).where(Message.kind == "deadline_changed")).all()
    assert len(told) == 1
    assert "5 juillet 2027 à 18\u00a0h\u00a000 (heure de Paris)" in told[0]
    assert "Panne du site" in told[0]
    entry = db.session.scalar(select(JournalEntry).where(JournalEntry.act == "extend_deadline"))
    assert entry is not None
    assert entry.detail["reason"] == "Panne du site"
    assert entry.detail["before"] == CLOSES.isoformat()


def test_an_earlier_closing_waits_for_the_other_right(key: str) -> None:
    person, other = world.a_coordinator(), staff()
    assert change_deadline(person, key, EARLIER, "Erreur de date", world.FILING) == "pending"
    assert closing(key)[0] == "2027-06-30T23:59"
    (line,) = pending_acts(other, world.FILING)
    assert line.verb == "shorten_deadline"
    with pytest.raises(ActAwaitsAnotherPerson):
        confirmations.confirm(person, line.key, world.FILING)
    assert confirmations.confirm(other, line.key, world.FILING) == "done"
    assert closing(key)[0] == "2027-06-20T12:00"
    assert pending_acts(other, world.FILING) == ()


def test_a_proposal_may_be_refused_and_expires(key: str) -> None:
    person, other = world.a_coordinator(), staff()
    change_deadline(person, key, EARLIER, "Erreur de date", world.FILING)
    (line,) = pending_acts(other, world.FILING)
    confirmations.refuse(other, line.key, world.FILING)
    assert pending_acts(other, world.FILING) == ()
    change_deadline(person, key, EARLIER, "Encore", world.FILING)
    assert confirmations.expire_pending(world.FILING + timedelta(hours=23)) == 0
    assert confirmations.expire_pending(world.FILING + timedelta(hours=25)) == 1
    assert closing(key)[0] == "2027-06-30T23:59"


def test_a_stranger_sees_no_proposal(key: str) -> None:
    change_deadline(world.a_coordinator(), key, EARLIER, "Erreur de date", world.FILING)
    neighbour = world.a_coordinator("Yann", "28")
    (line,) = pending_acts(staff(), world.FILING)
    assert pending_acts(neighbour, world.FILING) == ()
    with pytest.raises(DoesNotExist):
        confirmations.confirm(neighbour, line.key, world.FILING)
    with pytest.raises(DoesNotExist):
        confirmations.refuse(neighbour, line.key, world.FILING)


def test_hours_that_do_not_exist_or_happen_twice(key: str) -> None:
    person = world.a_coordinator()
    with pytest.raises(LocalTimeDoesNotExist) as gap:
        change_deadline(person, key, datetime.fromisoformat("2028-03-26T02:30"), "Motif", world.FILING)
    assert "03:30 (UTC+2)" in str(gap.value)
    assert "01:30 (UTC+1)" in str(gap.value)
    autumn = datetime.fromisoformat("2027-10-31T02:30")
    with pytest.raises(LocalTimeHappensTwice):
        change_deadline(person, key, autumn, "Motif", world.FILING)
    assert change_deadline(person, key, autumn, "Motif", world.FILING, fold=1) == "done"
    assert closing(key)[1].isoformat() == "2027-10-31T01:31:00+00:00"


@pytest.mark.parametrize("caught_up", [False, True])
def test_a_call_reopens_just_after_its_closing_and_not_later(key: str, caught_up: bool) -> None:
    person = world.a_coordinator()
    after = CLOSES + timedelta(minutes=5)
    if caught_up:
        catch_up_all(after)
    with pytest.raises(InputIsInvalid):
        change_deadline(person, key, EARLIER, "Panne", after)
    assert change_deadline(person, key, LATER, "Panne", after) == "done"
    assert closing(key)[2] == "P1"
    acts = db.session.scalars(
        select(JournalEntry.act).where(JournalEntry.object_key == key).order_by(JournalEntry.seq)
    ).all()
    assert acts[-2:] == ["close_call", "extend_deadline"]


def test_it_is_refused_later_to_others_and_without_motive(key: str) -> None:
    person = world.a_coordinator()
    with pytest.raises(IsNotThePhase):
        change_deadline(person, key, LATER, "Panne", CLOSES + REOPENING)
    with pytest.raises(IsForbidden):
        change_deadline(world.a_coordinator("Yann", "28"), key, LATER, "Panne", world.FILING)
    with pytest.raises(InputIsInvalid):
        change_deadline(person, key, LATER, "  ", world.FILING)
    national = str(db.session.scalar(select(Round.key).where(Round.region_code.is_(None))))
    with pytest.raises(IsNotThePhase):
        change_deadline(staff(), national, LATER, "Panne", world.FILING)


def test_a_region_says_before_the_call_whether_it_takes_part(key: str) -> None:
    person = world.a_coordinator()
    set_participation(person, key, False, "Pas de jury cette année", world.BEFORE)
    assert db.session.scalar(select(Round.takes_part).where(Round.key == key)) is False
    with pytest.raises(IsNotThePhase):
        set_participation(person, key, True, "Finalement", world.FILING)
