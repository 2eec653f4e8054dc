"""Readings of frozen minutes: who signed, who still may, and the addenda."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import exists, select

from awards_app.database import db
from awards_app.domain.holder import Holder
from awards_app.domain.permissions import Subject
from awards_app.domain.signatures import CHAIR, ROLES, SECRETARY
from awards_app.models.deliberations import Minutes
from awards_app.models.juries import Seat
from awards_app.models.signatures import MinutesAddendum, MinutesSignature
from awards_app.queries.juries import JuryRoom

LEADS = frozenset({Subject.CHAIR, Subject.NATIONAL_CHAIR})


@dataclass(frozen=True, slots=True)
class SignatureFacts:
    """A signature given."""

    role: str
    name: str
    signed_at: datetime
    sha256: str


@dataclass(frozen=True, slots=True)
class AddendumFacts:
    """An addendum, by whom and when."""

    key: str
    number: int
    body: str
    sha256: str
    written_by: str
    role: str
    written_at: datetime


@dataclass(frozen=True, slots=True)
class SignedMinutes:
    """The live frozen minutes of a round with what was put under them; ``mine`` are the roles the reader signs for."""

    id: int
    key: str
    number: str
    sha256: str
    frozen_at: datetime
    signatures: tuple[SignatureFacts, ...]
    addenda: tuple[AddendumFacts, ...]
    mine: tuple[str, ...]

    @property
    def awaited(self) -> tuple[str, ...]:
        """Return the roles that have not signed."""
        signed = {line.role for line in self.signatures}
        return tuple(role for role in ROLES if role not in signed)

    @property
    def to_sign(self) -> tuple[str, ...]:
        """Return the roles that the reader may sign for now."""
        return tuple(role for role in self.mine if role in self.awaited)


def signed_minutes(holder: Holder, room: JuryRoom) -> SignedMinutes | None:
    """Return the frozen minutes of a room that was authorised, None while they are not frozen (four queries)."""
    row = db.session.execute(
        select(Minutes.id, Minutes.key, Minutes.number, Minutes.sha256, Minutes.frozen_at).where(
            Minutes.round_id == room.round.id, Minutes.replaced_at.is_(None), Minutes.frozen_at.is_not(None)
        )
    ).one_or_none()
    if row is None or row.sha256 is None or row.frozen_at is None:
        return None
    return SignedMinutes(
        row.id,
        row.key,
        row.number,
        row.sha256,
        row.frozen_at,
        signatures=signatures_of(row.id),
        addenda=addenda_of(row.id),
        mine=roles_of(holder, room),
    )


def signatures_of(minutes_id: int) -> tuple[SignatureFacts, ...]:
    """Return the signatures of minutes, the chair's first."""
    rows = db.session.execute(
        select(
            MinutesSignature.role, MinutesSignature.name, MinutesSignature.signed_at, MinutesSignature.sha256
        )
        .where(MinutesSignature.minutes_id == minutes_id)
        .order_by(MinutesSignature.role)
    )
    return tuple(SignatureFacts(*row) for row in rows)


def addenda_of(minutes_id: int) -> tuple[AddendumFacts, ...]:
    """Return the addenda of minutes in their order."""
    rows = db.session.execute(
        select(
            MinutesAddendum.key,
            MinutesAddendum.number,
            MinutesAddendum.body,
            MinutesAddendum.sha256,
            MinutesAddendum.written_by,
            MinutesAddendum.role,
            MinutesAddendum.written_at,
        )
        .where(MinutesAddendum.minutes_id == minutes_id)
        .order_by(MinutesAddendum.number)
    )
    return tuple(AddendumFacts(*row) for row in rows)


def roles_of(holder: Holder, room: JuryRoom) -> tuple[str, ...]:
    """Return what a person signs minutes as: the chair, or the secretary.

    A jury without a secretary is signed for by its coordination, who confirmed the decisions.
    """
    found = []
    everything = frozenset[Subject]().union(*room.subjects.values())
    if everything & LEADS:
        found.append(CHAIR)
    own = {seat.function for seat in holder.seats if seat.round_id == room.round.id}
    if "secretary" in own or (Subject.COORDINATOR in everything and not _has_secretary(room.round.id)):
        found.append(SECRETARY)
    return tuple(found)


def _has_secretary(round_id: int) -> bool:
    return bool(
        db.session.scalar(
            select(
                exists().where(
                    Seat.round_id == round_id,
                    Seat.function == "secretary",
                    Seat.left_at.is_(None),
                    Seat.accepted_at.is_not(None),
                )
            )
        )
    )
