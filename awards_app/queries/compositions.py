"""The composition of a jury for who composes it: seats, personal links, and why somebody sees nothing."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import func, select

from awards_app.database import db
from awards_app.domain.holder import Holder
from awards_app.domain.permissions import Permission, Subject
from awards_app.domain.phases import Phase
from awards_app.domain.refusals import DoesNotExist
from awards_app.models.candidacies import Candidacy
from awards_app.models.editions import Region, Theme
from awards_app.models.juries import Interest, Seat
from awards_app.models.seats import SeatPass
from awards_app.queries.access import RoundFacts, open_round
from awards_app.queries.juries import find_room, judged_by

_DESK = {Subject.COORDINATOR, Subject.NATIONAL_STAFF, Subject.AUDITOR}


@dataclass(frozen=True, slots=True)
class SeatLine:
    """A seat in the composition of a jury, with its personal link and the files it may read."""

    key: str
    name: str
    email: str
    function: str
    college: str
    theme_name: str | None
    region_name: str | None
    invited_at: datetime
    accepted_at: datetime | None
    charter_at: datetime | None
    finished_at: datetime | None
    left_at: datetime | None
    left_reason: str
    is_substitute: bool
    standing_by_at: datetime | None
    pass_expires_at: datetime | None
    pass_used_at: datetime | None
    # Files of the seat's themes, and of them those declared without a tie, set aside, in doubt.
    files: int
    opened: int
    recused: int
    doubtful: int

    @property
    def undeclared(self) -> int:
        """Return for how many files the person has not said whether a tie binds them."""
        return max(self.files - self.opened - self.recused - self.doubtful, 0)


def jury_of(holder: Holder, round_key: str, now: datetime) -> tuple[RoundFacts, tuple[SeatLine, ...]]:
    """Return the composition of a jury for who composes it (PAN-1 reads in any phase as PAN-2 does later).

    Jurors read the names of their jury on their own pages: the chamber's desk, which tells whom it wrote to and how many
    stand aside, is not there for them. Three queries beside those of the right, however many sit.
    """
    facts = open_round(holder, round_key, _reading(now, holder, round_key), now)
    if not facts.subjects & _DESK:
        raise DoesNotExist
    files = _files(facts)
    declared = _declared(facts)
    rows = _seats(facts)
    return (
        facts,
        tuple(
            SeatLine(  # type: ignore[call-arg]  # the columns are its fields, in order
                *row[:17],
                sum(files.values()) if row.theme_id is None else files[row.theme_id],
                declared[row.id, "none"],
                declared[row.id, "recused"],
                declared[row.id, "unsure"],
            )
            for row in rows
        ),
    )


def _seats(facts: RoundFacts) -> Iterable[Any]:
    found: Iterable[Any] = db.session.execute(
        select(
            Seat.key,
            Seat.name,
            Seat.invited_email,
            Seat.function,
            Seat.college,
            Theme.name.label("theme_name"),
            Region.name.label("region_name"),
            Seat.invited_at,
            Seat.accepted_at,
            Seat.charter_at,
            Seat.finished_at,
            Seat.left_at,
            Seat.left_reason,
            Seat.is_substitute,
            Seat.standing_by_at,
            SeatPass.expires_at,
            SeatPass.last_used_at,
            Seat.id,
            Seat.theme_id,
        )
        .outerjoin(Theme, Theme.id == Seat.theme_id)
        .outerjoin(Region, Region.code == Seat.region_code)
        .outerjoin(SeatPass, (SeatPass.seat_id == Seat.id) & SeatPass.revoked_at.is_(None))
        .where(Seat.round_id == facts.id)
        .order_by(
            Seat.left_at.is_not(None),
            Seat.is_substitute,
            Seat.function != "chair",
            Seat.function != "deputy",
            func.lower(Seat.name),
            Seat.id,
        )
    )
    return found


def _files(facts: RoundFacts) -> Counter[int | None]:
    rows = db.session.execute(
        select(Candidacy.theme_id, func.count())
        .where(*judged_by(facts.id, is_national=facts.region_code is None))
        .group_by(Candidacy.theme_id)
    )
    return Counter({row.theme_id: row[1] for row in rows})


def _declared(facts: RoundFacts) -> Counter[tuple[int, str]]:
    rows = db.session.execute(
        select(Interest.seat_id, Interest.verdict, func.count())
        .join(Seat, Seat.id == Interest.seat_id)
        .join(Candidacy, Candidacy.id == Interest.candidacy_id)
        .where(
            Seat.round_id == facts.id,
            Interest.replaced_at.is_(None),
            *judged_by(facts.id, is_national=facts.region_code is None),
        )
        .group_by(Interest.seat_id, Interest.verdict)
    )
    return Counter({(seat_id, verdict): count for seat_id, verdict, count in rows})


def _reading(now: datetime, holder: Holder, round_key: str) -> Permission:
    """Composing is asked while the jury is composed, reading its names afterwards."""
    room = find_room(holder, round_key, now)
    early = room is None or room.round.phase in (Phase.PREPARATION, Phase.FILING)
    return Permission.COMPOSE_JURY if early else Permission.READ_JURY
