"""Use cases of frozen minutes: signing them after proving again who one is, and adding to them."""

from datetime import datetime

from sqlalchemy import select

from awards_app.adapters import pdf
from awards_app.adapters.passwords import password_matches
from awards_app.adapters.queue import enqueue
from awards_app.database import after_commit, atomic, db
from awards_app.domain.holder import Holder
from awards_app.domain.instants_fr import instant_fr
from awards_app.domain.papers import AddendumText
from awards_app.domain.permissions import Permission
from awards_app.domain.refusals import DoesNotExist
from awards_app.domain.signatures import (
    ADDENDUM_LIMIT,
    ROLES,
    AddendumIsEmpty,
    AlreadySigned,
    MinutesAreNotFrozen,
    NotASignatory,
    ProofIsNeeded,
    is_fresh,
)
from awards_app.domain.snapshot import sha256_of
from awards_app.domain.text import clean_text, count_signs
from awards_app.models.accounts import Account, AccountSession
from awards_app.models.deliberations import Minutes
from awards_app.models.signatures import MinutesAddendum, MinutesSignature
from awards_app.queries.juries import JuryRoom, open_room
from awards_app.queries.minutes import watermark_of
from awards_app.queries.signatures import SignedMinutes, signed_minutes
from awards_app.services.held_rooms import take_room
from awards_app.services.journal import write_entry
from awards_app.services.minutes import RENDER
from awards_app.services.sign_in import TRIES, TooManyTries, failures

PUBLIC_PHASES = ("P6", "P7")


def sign_minutes(holder: Holder, round_key: str, role: str, password: str, now: datetime) -> None:
    """Sign the frozen minutes of a round as its chair or its secretary, with a password or a session of a moment ago.

    Raises `NotASignatory`, `MinutesAreNotFrozen`, `AlreadySigned`, `ProofIsNeeded`, `TooManyTries`.
    """
    found = _frozen(holder, open_room(holder, round_key, Permission.READ_MINUTES, now))
    if role not in found.mine:
        raise NotASignatory
    db.session.rollback()
    proof = _proof(holder, password, now)
    with atomic() as session:
        room, row = take_room(holder, round_key, Permission.READ_MINUTES, now)
        minutes = _frozen(holder, room)
        if role not in minutes.mine:
            raise NotASignatory
        if role not in minutes.awaited:
            raise AlreadySigned
        session.add(
            MinutesSignature(
                minutes_id=minutes.id,
                role=role,
                account_id=holder.account_id,
                name=holder.name,
                sha256=minutes.sha256,
                proof=proof,
                signed_at=now,
            )
        )
        detail = {"role": role, "sha256": minutes.sha256, "proof": proof}
        write_entry(holder, "sign_minutes", "minutes", minutes.key, now, round_id=row.id, detail=detail)
        after_commit(enqueue, RENDER, minutes.id)


def _proof(holder: Holder, password: str, now: datetime) -> str:
    """Return how the person proved who they are; a wrong password is journaled and counted as in signing in."""
    opened_at = db.session.scalar(
        select(AccountSession.created_at).where(
            AccountSession.id == holder.session_id, AccountSession.ended_at.is_(None)
        )
    )
    if not password and is_fresh(opened_at, now):
        return "session"
    if failures(holder.key, now) >= TRIES:
        raise TooManyTries
    kept = db.session.scalar(select(Account.password_hash).where(Account.id == holder.account_id))
    db.session.rollback()
    if not password or len(password) > 1024 or not password_matches(kept, password):
        if password:
            write_entry(holder, "sign_in", "account", holder.key, now, outcome="refused")
        raise ProofIsNeeded({"password": ProofIsNeeded.sentence})
    return "password"


def add_to_minutes(holder: Holder, round_key: str, body: str, now: datetime) -> str:
    """Write an addendum to frozen minutes, whose bytes stay as they are; return its key.

    Raises `NotASignatory`, `MinutesAreNotFrozen`, `AddendumIsEmpty`.
    """
    with atomic() as session:
        room, row = take_room(holder, round_key, Permission.READ_MINUTES, now)
        minutes = _frozen(holder, room)
        if not minutes.mine:
            raise NotASignatory
        text = clean_text(body).strip()
        if not text or count_signs(text) > ADDENDUM_LIMIT:
            raise AddendumIsEmpty({"body": AddendumIsEmpty.sentence})
        last = session.scalars(
            select(MinutesAddendum)
            .where(MinutesAddendum.minutes_id == minutes.id)
            .order_by(MinutesAddendum.number.desc())
            .limit(1)
        ).one_or_none()
        if last is not None and (last.body, last.written_by_id) == (text, holder.account_id):
            # A page sent twice: what is added cannot be taken back.
            return last.key
        number = last.number if last is not None else 0
        fingerprint = sha256_of({"minutes": minutes.sha256, "number": number + 1, "body": text})
        addendum = MinutesAddendum(
            minutes_id=minutes.id,
            number=number + 1,
            body=text,
            sha256=fingerprint,
            written_by_id=holder.account_id,
            written_by=holder.name,
            role=minutes.mine[0],
            written_at=now,
        )
        session.add(addendum)
        session.flush()
        detail = {"number": number + 1, "sha256": fingerprint}
        write_entry(holder, "add_to_minutes", "minutes", minutes.key, now, round_id=row.id, detail=detail)
        return addendum.key


def addendum_paper(holder: Holder, round_key: str, addendum_key: str, now: datetime) -> tuple[str, bytes]:
    """Return the file name and the PDF of an addendum, for whoever reads the whole minutes.

    Until the publication each page bears the reader's address and the instant. Raises the matrix's refusal,
    `DoesNotExist` (also for a reader who stands aside in a theme: an addendum belongs to all of them).
    """
    room = open_room(holder, round_key, Permission.READ_MINUTES, now)
    if not room.is_whole(Permission.READ_MINUTES):
        raise DoesNotExist
    found = db.session.execute(
        select(MinutesAddendum, Minutes.number, Minutes.sha256)
        .join(Minutes, Minutes.id == MinutesAddendum.minutes_id)
        .where(MinutesAddendum.key == addendum_key, Minutes.round_id == room.round.id)
    ).one_or_none()
    if found is None:
        raise DoesNotExist
    addendum, number, minutes_sha256 = found
    text = AddendumText(
        number=f"{number}-A{addendum.number}",
        minutes_number=number,
        minutes_sha256=minutes_sha256 or "",
        region_code=room.round.region_code,
        region_name=room.round.region_name or "France",
        body=addendum.body,
        written_by=addendum.written_by,
        role=ROLES[addendum.role],
        written_at=instant_fr(addendum.written_at, room.round.zone),
        sha256=addendum.sha256,
        edition_label=f"Édition {room.round.year}",
        watermark=None
        if room.round.phase in PUBLIC_PHASES
        else watermark_of(holder.email, now, room.round.zone),
    )
    written_at = addendum.written_at
    db.session.rollback()
    return f"{text.number}.pdf", pdf.render_addendum(text, identifier=text.number, created_at=written_at)


def _frozen(holder: Holder, room: JuryRoom) -> SignedMinutes:
    minutes = signed_minutes(holder, room)
    if minutes is None:
        raise MinutesAreNotFrozen
    return minutes
