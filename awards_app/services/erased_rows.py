"""The rows that are a person's own: their account, rights, seats, private words, letters and attestations."""

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from sqlalchemy import delete, func, or_, select, update

from awards_app.database import db
from awards_app.domain.addresses import fold_address
from awards_app.domain.erasures import ERASED, NO_REASON, NOWHERE, Traces
from awards_app.domain.holder import Holder
from awards_app.domain.permissions import Subject
from awards_app.models.accounts import Account, AccountLink, AccountSession, Role, RoleGrant
from awards_app.models.candidacies import IdempotencyKey
from awards_app.models.certificates import Certificate
from awards_app.models.editions import Round
from awards_app.models.juries import Interest, Seat
from awards_app.models.link_requests import LinkRequest
from awards_app.models.messages import Message
from awards_app.models.presence import Presence
from awards_app.models.scoring import Scoresheet
from awards_app.models.seats import SeatPass
from awards_app.models.structures import Membership
from awards_app.queries.erasures import is_theirs
from awards_app.services.certificates import revoke
from awards_app.services.pending import expire_of_person, expire_of_seat

NO_LETTER = "Message effacé"
# The phases before anybody scores: a seat that ends there leaves no mark behind.
BEFORE_SCORING = ("P0", "P1", "P2")
SIDES = {
    Role.COORDINATOR.value: Subject.COORDINATOR,
    Role.NATIONAL_STAFF.value: Subject.NATIONAL_STAFF,
}
REVOKED = "Attestation retirée : la personne a été effacée à sa demande."


def nowhere(key: str) -> str:
    """Return an address that reaches nobody, in the place of the one of a row."""
    return fold_address(f"{key}@{NOWHERE}")


def erase_account(account: Account, traces: Traces, now: datetime) -> None:
    """Leave a tombstone of the account, without sessions, links nor rights. Joins the caller's transaction."""
    account.name, account.email = ERASED, nowhere(account.key)
    account.email_folded, account.password_hash = account.email, None
    account.disabled_at, account.signed_in_at = account.disabled_at or now, None
    for model in (AccountSession, Presence, IdempotencyKey):
        db.session.execute(delete(model).where(model.account_id == account.id))
    folded = {fold_address(one) for one in traces.addresses}
    db.session.execute(
        delete(AccountLink).where(
            or_(AccountLink.account_id == account.id, AccountLink.email_folded.in_(folded))
        )
    )
    for request in db.session.scalars(select(LinkRequest)).all():
        if is_theirs(request.email, traces):
            db.session.delete(request)
    for grant in db.session.scalars(
        select(RoleGrant).where(RoleGrant.account_id == account.id, RoleGrant.revoked_at.is_(None))
    ).all():
        grant.revoked_at = now
        if grant.role in SIDES:
            expire_of_person(account.id, SIDES[grant.role], grant.region_code, now)
    for membership in _own(Membership, account.id, traces):
        membership.left_at = membership.left_at or now
        membership.invited_email = None
    db.session.flush()


def _own(model: Any, account_id: int, traces: Traces) -> Iterator[Any]:
    """Yield the seats or memberships of a person, those they were only invited to included."""
    rows = db.session.scalars(
        select(model)
        .where(or_(model.account_id == account_id, model.account_id.is_(None)))
        .order_by(model.id)
    ).all()
    yield from (row for row in rows if row.account_id == account_id or is_theirs(row.invited_email, traces))


def erase_seats(account: Account, traces: Traces, holder: Holder, now: datetime) -> list[str]:
    """Take the person from their seats, and their private words; marks stay. Return the stored attestations to forget."""
    phases: dict[int, str] = {row.id: row.phase for row in db.session.execute(select(Round.id, Round.phase))}
    papers: list[str] = []
    for seat in _own(Seat, account.id, traces):
        seat.name, seat.invited_email, seat.left_reason = ERASED, nowhere(seat.key), ""
        if phases[seat.round_id] in BEFORE_SCORING and seat.left_at is None:
            seat.left_at = now
            expire_of_seat(seat.account_id, seat.round_id, now)
        db.session.execute(delete(SeatPass).where(SeatPass.seat_id == seat.id))
        db.session.execute(
            update(Interest)
            .where(Interest.seat_id == seat.id, Interest.reason != "")
            .values(reason=NO_REASON)
        )
        db.session.execute(update(Scoresheet).where(Scoresheet.seat_id == seat.id).values(private_note=""))
        papers.extend(_attestations(seat.id, traces, holder, now))
    db.session.flush()
    return papers


def _attestations(seat_id: int, traces: Traces, holder: Holder, now: datetime) -> list[str]:
    papers = []
    for row in db.session.scalars(
        select(Certificate).where(Certificate.seat_id == seat_id).with_for_update()
    ).all():
        paper, row.storage_key = row.storage_key, None
        row.content = traces.masked_value(row.content) | {"structure_name": ERASED}
        if paper:
            papers.append(paper)
        if row.state != "revoked":
            revoke(row, REVOKED, holder, now)
    return papers


def erase_letters(account: Account, traces: Traces) -> list[str]:
    """Empty the letters to the person and drop those that wait; return the keys of the letters."""
    found = []
    likely = [func.lower(Message.recipient).contains(run, autoescape=True) for run in traces.searched]
    query = select(Message).where(or_(Message.account_id == account.id, *likely)).order_by(Message.id)
    for message in db.session.scalars(query).all():
        if message.account_id != account.id and not is_theirs(message.recipient, traces):
            continue
        found.append(message.key)
        message.recipient = nowhere(message.key)
        message.subject, message.body, message.secret_body = NO_LETTER, "", None
        message.dedupe, message.failure = f"erased:{message.key}", ""
        if message.state != "sent":
            message.state, message.next_attempt_at = "dropped", None
    db.session.flush()
    return found
