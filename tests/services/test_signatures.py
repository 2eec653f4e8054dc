"""Signing frozen minutes: by whom, with which proof, and that nothing frozen changes."""

from datetime import timedelta

import pytest
from sqlalchemy import select, update

from awards_app.adapters.passwords import hash_password
from awards_app.database import atomic, db
from awards_app.domain.refusals import Refusal
from awards_app.domain.signatures import (
    AddendumIsEmpty,
    AlreadySigned,
    MinutesAreNotFrozen,
    NotASignatory,
    ProofIsNeeded,
)
from awards_app.models.accounts import Account
from awards_app.models.deliberations import Minutes
from awards_app.models.juries import Seat
from awards_app.models.signatures import MinutesSignature
from awards_app.services.accounts import holder_of_token, start_session
from awards_app.services.minutes import enqueue_waiting, minutes_paper, render_minutes
from awards_app.services.signatures import add_to_minutes, addendum_paper, sign_minutes
from tests.adapters.paper_reading import opened, words
from tests.decision_world import DELIBERATION, a_decided_round, a_locked_round
from tests.jury_world import YEAR

PASSWORD = "quatre saisons solidaires"


@pytest.fixture
def world(context):
    world = a_decided_round()
    with atomic() as session:
        session.execute(update(Account).values(password_hash=hash_password(PASSWORD)))
    return world


def sign(world, who, role, password=PASSWORD):
    holder = world.coordinator if who == "RC" else world.holder(who)
    sign_minutes(holder, world.round_key, role, password, DELIBERATION)


def minutes_row():
    db.session.rollback()
    return db.session.scalars(select(Minutes).where(Minutes.replaced_at.is_(None))).one()


def given():
    db.session.rollback()
    return sorted(db.session.scalars(select(MinutesSignature.role)))


def test_the_chair_and_the_coordination_sign_what_is_frozen(world):
    before = minutes_row().sha256
    sign(world, "J1", "chair")
    sign(world, "RC", "secretary")
    row = minutes_row()
    signed_prints = set(db.session.scalars(select(MinutesSignature.sha256)))
    assert (given(), signed_prints, row.sha256) == (["chair", "secretary"], {before}, before)


def test_the_paper_is_kept_once_both_have_signed_and_never_changes(world):
    minutes_id = minutes_row().id
    sign(world, "J1", "chair")
    render_minutes(minutes_id)
    assert minutes_row().storage_key is None
    assert enqueue_waiting(DELIBERATION) == 0
    sign(world, "RC", "secretary")
    assert enqueue_waiting(DELIBERATION) == 1
    render_minutes(minutes_id)
    kept = minutes_row().storage_key
    add_to_minutes(world.holder("J1"), world.round_key, "Lire Rennes, non Brest.", DELIBERATION)
    render_minutes(minutes_id)
    assert kept is not None
    assert minutes_row().storage_key == kept


@pytest.mark.parametrize(
    ("who", "role"), [("J3", "chair"), ("J1", "secretary"), ("RC", "chair"), ("J3", "x")]
)
def test_nobody_signs_for_another(world, who, role):
    with pytest.raises(NotASignatory):
        sign(world, who, role)


def test_a_jury_with_a_secretary_is_signed_for_by_them(world):
    with atomic() as session:
        session.execute(update(Seat).where(Seat.key == world.seats["J4"]).values(function="secretary"))
    with pytest.raises(NotASignatory):
        sign(world, "RC", "secretary")
    sign(world, "J4", "secretary")
    assert given() == ["secretary"]


@pytest.mark.parametrize("password", ["", "pas le bon", "x" * 2000])
def test_a_signature_needs_a_proof(world, password):
    with pytest.raises(ProofIsNeeded):
        sign(world, "J1", "chair", password)
    assert given() == []


@pytest.mark.parametrize(("minutes", "signs"), [(9, True), (11, False)])
def test_a_session_of_a_moment_ago_is_a_proof(world, minutes, signs):
    token = start_session(world.accounts["J1"], DELIBERATION - timedelta(minutes=minutes))
    holder = holder_of_token(token, DELIBERATION)
    if signs:
        sign_minutes(holder, world.round_key, "chair", "", DELIBERATION)
    else:
        with pytest.raises(ProofIsNeeded):
            sign_minutes(holder, world.round_key, "chair", "", DELIBERATION)
    assert given() == (["chair"] if signs else [])


def test_a_signature_is_given_once(world):
    sign(world, "J1", "chair")
    with pytest.raises(AlreadySigned):
        sign(world, "J1", "chair")


def test_nothing_is_signed_before_the_confirmation(context):
    world = a_locked_round()
    with atomic() as session:
        session.execute(update(Account).values(password_hash=hash_password(PASSWORD)))
    with pytest.raises(MinutesAreNotFrozen):
        sign(world, "J1", "chair")


def test_an_addendum_names_what_it_corrects(world):
    key = add_to_minutes(world.holder("J1"), world.round_key, "Lire Rennes, non Brest.", DELIBERATION)
    name, paper = addendum_paper(world.holder("J3"), world.round_key, key, DELIBERATION)
    number = minutes_row().number
    assert name == f"{number}-A1.pdf"
    text = "".join(words(opened(paper)).split())
    assert "LireRennes,nonBrest." in text
    assert number in text
    assert text.count(f"Solidaire·Édition{YEAR}") == 2


def test_an_addendum_sent_twice_is_one(world):
    keys = [add_to_minutes(world.holder("J1"), world.round_key, "Lire Rennes.", DELIBERATION) for _ in "12"]
    other = add_to_minutes(world.holder("J1"), world.round_key, "Lire Brest.", DELIBERATION)
    again = add_to_minutes(world.holder("J1"), world.round_key, "Lire Rennes.", DELIBERATION)
    assert (keys[0] == keys[1], len({keys[0], other, again})) == (True, 3)


def test_an_addendum_is_for_signatories_and_says_something(world):
    with pytest.raises(NotASignatory):
        add_to_minutes(world.holder("J3"), world.round_key, "Non.", DELIBERATION)
    for body in (" ", "x" * 4001):
        with pytest.raises(AddendumIsEmpty):
            add_to_minutes(world.holder("J1"), world.round_key, body, DELIBERATION)


def test_who_stands_aside_reads_no_addendum(world):
    key = add_to_minutes(world.holder("J1"), world.round_key, "Lire Rennes.", DELIBERATION)
    with pytest.raises(Refusal) as refused:
        addendum_paper(world.holder("J2"), world.round_key, key, DELIBERATION)
    assert refused.value.status == 404


def test_the_printed_minutes_say_who_signed_and_who_has_not(world):
    sign(world, "J1", "chair")
    paper = opened(minutes_paper(world.holder("J1"), world.round_key, DELIBERATION)[1])
    text = "".join("".join(words(paper, page).split()) for page in range(len(paper.pages)))
    assert "signaturesimple" in text
    assert "àsigner" in text
    tail = text[text.rindex("Secrétariatdujury") :]
    assert tail.index("confirmation") < tail.index("heuredeParis")
