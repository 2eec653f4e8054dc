"""The personal link of a juror: given at acceptance, used by a button, sent again, revoked, moved to another address."""

import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta

from flask import current_app
from sqlalchemy import select, update

from awards_app.database import atomic, db
from awards_app.domain.addresses import clean_address, fold_address
from awards_app.domain.holder import Holder
from awards_app.domain.permissions import Permission
from awards_app.domain.refusals import DoesNotExist, Refusal
from awards_app.domain.words import N_
from awards_app.models.accounts import Account
from awards_app.models.editions import Edition, Region, Round
from awards_app.models.juries import Seat
from awards_app.models.scoring import Scoresheet
from awards_app.models.seats import SeatPass
from awards_app.queries.access import open_round
from awards_app.services.accounts import hash_token, start_session
from awards_app.services.journal import write_entry
from awards_app.services.juries.notices import notice_invitation, notice_pass
from awards_app.services.juries.seats import InvitationIsOver, SeatIsTaken
from awards_app.services.pending import expire_of_seat
from awards_app.services.rounds import lock_round

# A year of jury duty, from the invitation to the ceremony.
LIFETIME = timedelta(days=365)


class PassIsOver(Refusal):
    """The personal link was replaced or revoked, has expired, or its seat has ended."""

    sentence = N_("Ce lien personnel n’est plus valable. Demandez-en un autre à votre CRESS.")
    status = 410


class PassIsForAnother(Refusal):
    """Somebody else is signed in: whose session opens must be chosen, never assumed."""

    sentence = N_("Ce lien est celui d’une autre personne que celle du compte ouvert. Choisissez qui entre.")
    status = 409


class JurorHasMarked(Refusal):
    """A seat whose sheets are begun does not move to another address, which would then read them."""

    sentence = N_("Cette personne a déjà noté : retirez son siège, puis invitez la nouvelle adresse.")


@dataclass(frozen=True, slots=True)
class PassFacts:
    """What the page of a personal link shows before its button is pressed."""

    seat_id: int
    account_id: int
    name: str
    email: str
    place: str
    function: str


def give_pass(seat: Seat, now: datetime) -> None:
    """Send a seat its personal link; the former one ends. Joins the caller's transaction."""
    token = secrets.token_urlsafe(32)
    with atomic() as session:
        _end_passes(seat.id, now)
        session.add(
            SeatPass(
                seat_id=seat.id,
                token_hash=hash_token(token),
                email_folded=fold_address(seat.invited_email),
                created_at=now,
                expires_at=now + LIFETIME,
            )
        )
        session.flush()
        site = str(current_app.config["AWARDS_PUBLIC_URL"]).rstrip("/") or "http://127.0.0.1:8000"
        notice_pass(seat, f"{site}/jury/entree/{token}", now)


def read_pass(token: str, now: datetime) -> PassFacts:
    """Return whose personal link a token is, without using it. Raises `PassIsOver`."""
    row = db.session.execute(
        select(
            Seat.id,
            Seat.account_id,
            Seat.name,
            Seat.invited_email,
            Edition.name.label("edition"),
            Region.located,
            Seat.function,
        )
        .join(SeatPass, SeatPass.seat_id == Seat.id)
        .join(Account, Account.id == Seat.account_id)
        .join(Round, Round.id == Seat.round_id)
        .join(Edition, Edition.id == Round.edition_id)
        .outerjoin(Region, Region.code == Round.region_code)
        .where(
            SeatPass.token_hash == hash_token(token),
            SeatPass.revoked_at.is_(None),
            SeatPass.expires_at > now,
            Seat.left_at.is_(None),
            Account.disabled_at.is_(None),
        )
    ).one_or_none()
    if row is None or row.account_id is None:
        raise PassIsOver
    place = f"{row.edition} {row.located or ''}".strip()
    return PassFacts(row.id, row.account_id, row.name, row.invited_email, place, row.function)


def use_pass(holder: Holder | None, token: str, now: datetime, agent: str = "") -> str | None:
    """Open a session of the juror whose link this is, and return its token; None when theirs is open already.

    Raises `PassIsOver`, `PassIsForAnother` while another account is signed in.
    """
    with atomic() as session:
        facts = read_pass(token, now)
        if holder is not None and holder.account_id != facts.account_id:
            raise PassIsForAnother
        session.execute(
            update(SeatPass)
            .where(SeatPass.token_hash == hash_token(token))
            .values(last_used_at=now, uses=SeatPass.uses + 1)
        )
        return None if holder is not None else start_session(facts.account_id, now, agent)


def send_pass(holder: Holder, seat_key: str, now: datetime) -> None:
    """Send a juror a new personal link; the former one ends. Raises the matrix's refusal."""
    with atomic():
        seat = _seat(holder, seat_key, now)
        if seat.account_id is None:
            notice_invitation(holder, seat, now)
        else:
            give_pass(seat, now)
        write_entry(holder, "send_pass", "seat", seat.key, now, round_id=seat.round_id)


def revoke_pass(holder: Holder, seat_key: str, now: datetime) -> None:
    """End the personal link of a seat; the person may still sign in otherwise."""
    with atomic():
        seat = _seat(holder, seat_key, now)
        _end_passes(seat.id, now)
        write_entry(holder, "revoke_pass", "seat", seat.key, now, round_id=seat.round_id)


def readdress_seat(holder: Holder, seat_key: str, email: str, now: datetime) -> None:
    """Move a seat to another address, which is invited anew; what opened it before opens nothing from now on.

    Raises `AddressIsInvalid`, `SeatIsTaken`, `JurorHasMarked`.
    """
    with atomic() as session:
        seat = _seat(holder, seat_key, now)
        address = clean_address(email)
        folded = fold_address(address)
        others = session.scalars(
            select(Seat.invited_email).where(
                Seat.round_id == seat.round_id, Seat.left_at.is_(None), Seat.id != seat.id
            )
        )
        if folded in {fold_address(other) for other in others}:
            raise SeatIsTaken
        if session.scalar(select(Scoresheet.id).where(Scoresheet.seat_id == seat.id).limit(1)) is not None:
            raise JurorHasMarked
        _end_passes(seat.id, now)
        expire_of_seat(seat.account_id, seat.round_id, now)
        seat.invited_email = address
        seat.account_id = seat.accepted_at = seat.charter_at = seat.standing_by_at = None
        seat.invited_at = now
        session.flush()
        notice_invitation(holder, seat, now)
        write_entry(holder, "readdress_seat", "seat", seat.key, now, round_id=seat.round_id)


def _end_passes(seat_id: int, now: datetime) -> None:
    db.session.execute(
        update(SeatPass)
        .where(SeatPass.seat_id == seat_id, SeatPass.revoked_at.is_(None))
        .values(revoked_at=now)
    )


def _seat(holder: Holder, seat_key: str, now: datetime) -> Seat:
    """Return a live seat of a jury that the person composes, its round held."""
    seat = db.session.scalar(select(Seat).where(Seat.key == seat_key))
    if seat is None:
        raise DoesNotExist
    round_row = lock_round(seat.round_id)
    open_round(holder, round_row.key, Permission.COMPOSE_JURY, now)
    db.session.refresh(seat)
    if seat.left_at is not None:
        raise InvitationIsOver
    return seat
