"""The personal link of a juror, substitutes, and a seat that changes address."""

import re
from datetime import timedelta

import pytest
from sqlalchemy import select

from awards_app.database import db
from awards_app.domain.refusals import DoesNotExist, InputIsInvalid, Refusal
from awards_app.models.juries import Seat
from awards_app.models.messages import Message
from awards_app.models.seats import SeatPass
from awards_app.queries.compositions import jury_of
from awards_app.services.accounts import ensure_account, holder_of_token
from awards_app.services.invitations import accept_invitation, read_invitation
from awards_app.services.juries import (
    accept_seat,
    call_substitute,
    invite_juror,
    read_pass,
    readdress_seat,
    remove_juror,
    revoke_pass,
    send_pass,
    use_pass,
)
from awards_app.services.juries.passes import JurorHasMarked, PassIsForAnother, PassIsOver
from awards_app.services.juries.seats import SeatIsTaken, SubstituteIsNotReady
from awards_app.services.sign_in import LinkIsSpent
from tests.jury_world import BEFORE, SCORING, a_round, golden_world

TOKEN = re.compile(r"/jury/entree/([\w-]+)")
INVITED = re.compile(r"/invitations/([\w-]+)")


@pytest.fixture
def world(context):
    return a_round("P2", golden=True)


def invite(world, email="nina@exemple.org", **changes):
    return invite_juror(world.coordinator, world.round_key, email=email, name="Nina", now=BEFORE, **changes)


def last_token(pattern, kind):
    db.session.rollback()
    body = db.session.scalars(
        select(Message.secret_body).where(Message.kind == kind).order_by(Message.id.desc())
    ).first()
    return pattern.search(body or "").group(1)


def seated(world, **changes):
    """Invite Nina and let her press the button of her invitation; return the seat and her personal link's token."""
    key = invite(world, **changes)
    accept_invitation(None, last_token(INVITED, "jury_invitation"), BEFORE)
    return key, last_token(TOKEN, "jury_pass")


def seat_row(key):
    db.session.rollback()
    return db.session.scalars(select(Seat).where(Seat.key == key)).one()


def line_of(world, key):
    _facts, seats = jury_of(world.coordinator, world.round_key, SCORING)
    return next(seat for seat in seats if seat.key == key)


def test_a_personal_link_opens_a_session_as_often_as_needed(world):
    key, token = seated(world)
    for day in (1, 30, 300):
        opened = use_pass(None, token, BEFORE + timedelta(days=day))
        assert holder_of_token(opened, BEFORE + timedelta(days=day)).email == "nina@exemple.org"
    row = db.session.scalars(select(SeatPass)).one()
    assert (row.uses, row.last_used_at) == (3, BEFORE + timedelta(days=300))
    assert line_of(world, key).pass_used_at == BEFORE + timedelta(days=300)


def test_reading_the_page_uses_nothing(world):
    _key, token = seated(world)
    assert read_pass(token, BEFORE).name == "Nina"
    assert db.session.scalars(select(SeatPass.uses)).one() == 0


def test_the_token_is_kept_as_a_hash_and_staff_do_not_read_it(world):
    _key, token = seated(world)
    stored = db.session.scalars(select(SeatPass.token_hash)).one()
    body = db.session.scalars(select(Message.body).where(Message.kind == "jury_pass")).one()
    assert token not in stored
    assert token not in body


@pytest.mark.parametrize("after", ["expiry", "revoked", "replaced", "removed", "moved"])
def test_a_link_that_is_over_opens_nothing(world, after):
    key, token = seated(world)
    later = BEFORE + timedelta(days=366) if after == "expiry" else BEFORE
    acts = {
        "revoked": lambda: revoke_pass(world.coordinator, key, BEFORE),
        "replaced": lambda: send_pass(world.coordinator, key, BEFORE),
        "removed": lambda: remove_juror(world.coordinator, key, "Départ", BEFORE),
        "moved": lambda: readdress_seat(world.coordinator, key, "autre@exemple.org", BEFORE),
    }
    acts.get(after, lambda: None)()
    with pytest.raises(PassIsOver):
        use_pass(None, token, later)


def test_somebody_else_signed_in_is_never_taken_for_the_juror(world):
    _key, token = seated(world)
    with pytest.raises(PassIsForAnother):
        use_pass(world.coordinator, token, BEFORE)


def test_a_seat_moves_to_another_address_before_any_mark(world):
    key, _token = seated(world)
    readdress_seat(world.coordinator, key, "autre@exemple.org", BEFORE + timedelta(hours=1))
    row = seat_row(key)
    assert (row.invited_email, row.account_id, row.accepted_at) == ("autre@exemple.org", None, None)
    accept_invitation(None, last_token(INVITED, "jury_invitation"), BEFORE)
    assert seat_row(key).accepted_at == BEFORE


def test_the_invitation_of_the_former_address_opens_nobodys_account(world):
    key = invite(world)
    former = last_token(INVITED, "jury_invitation")
    readdress_seat(world.coordinator, key, "autre@exemple.org", BEFORE + timedelta(hours=1))

    for act in (read_invitation, accept_invitation):
        with pytest.raises(LinkIsSpent):
            act(None, former, BEFORE + timedelta(hours=2))

    assert seat_row(key).accepted_at is None
    newer = last_token(INVITED, "jury_invitation")
    assert accept_invitation(None, newer, BEFORE + timedelta(hours=2))[0] == "jury"


def test_a_seat_that_marked_stays_where_it_is(context):
    world = golden_world()
    with pytest.raises(JurorHasMarked):
        readdress_seat(world.coordinator, world.seats["J3"], "autre@exemple.org", SCORING)


def test_an_address_sits_once(world):
    key, _token = seated(world)
    invite(world, "omar@exemple.org")
    with pytest.raises(SeatIsTaken):
        readdress_seat(world.coordinator, key, "OMAR@exemple.org", BEFORE)


def test_another_chamber_does_not_touch_it(world):
    key, _token = seated(world)
    stranger = world.coordinator.__class__(999, "k", "Autre", "autre@cress.exemple")
    for act in (send_pass, revoke_pass):
        with pytest.raises(Refusal):
            act(stranger, key, BEFORE)


def test_a_substitute_counts_once_called_in(world):
    key, token = seated(world, is_substitute=True)
    row = seat_row(key)
    assert (row.standing_by_at, row.accepted_at) == (BEFORE, None)
    juror = holder_of_token(use_pass(None, token, BEFORE), BEFORE)
    assert juror.seats == ()
    with pytest.raises(InputIsInvalid):
        call_substitute(world.coordinator, key, " ", SCORING)
    call_substitute(world.coordinator, key, "Un membre est malade", SCORING)
    assert seat_row(key).accepted_at == SCORING
    assert holder_of_token(use_pass(None, token, SCORING), SCORING).seats[0].key == key
    with pytest.raises(SubstituteIsNotReady):
        call_substitute(world.coordinator, key, "Encore", SCORING)


def test_only_a_substitute_who_agreed_is_called_in(world):
    waiting = invite(world, is_substitute=True)
    titular, _token = seated(world, email="omar@exemple.org")
    for key in (waiting, titular):
        with pytest.raises(SubstituteIsNotReady):
            call_substitute(world.coordinator, key, "Besoin", SCORING)


def test_a_substitute_accepts_once(world):
    key = invite(world, is_substitute=True)
    account_id = ensure_account("nina@exemple.org", "Nina", BEFORE)
    assert [accept_seat(account_id, key, BEFORE) for _ in range(2)] == [key, key]


def test_the_composition_says_what_each_sees(context):
    world = golden_world()
    seen = line_of(world, world.seats["J2"])
    assert (seen.files, seen.opened, seen.recused, seen.undeclared) == (5, 4, 1, 0)


def test_a_seat_of_nowhere_does_not_exist(world):
    with pytest.raises(DoesNotExist):
        send_pass(world.coordinator, "nowhere", BEFORE)
