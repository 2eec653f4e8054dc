"""Readings of the ballots of a deliberation."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import bindparam, select

from awards_app.database import db
from awards_app.domain.ballots import PLAIN
from awards_app.domain.holder import Holder
from awards_app.domain.permissions import Permission, Subject
from awards_app.models.juries import Seat
from awards_app.models.voting import Ballot, BallotVoter
from awards_app.queries.desks import Desk, SeatLine
from awards_app.queries.juries import JuryRoom, open_room

VOTES = frozenset({Subject.JUROR, Subject.CHAIR, Subject.NATIONAL_JUROR, Subject.NATIONAL_CHAIR})


@dataclass(frozen=True, slots=True)
class BallotLine:
    """A ballot as those of its theme may see it: who has voted, never what a secret paper says."""

    id: int
    key: str
    theme_id: int
    number: int
    kind: str
    question: str
    options: tuple[tuple[str, str], ...]
    tie_rule: str
    opened_at: datetime | None
    base: int | None
    present: int | None
    closed_at: datetime | None
    cancelled_at: datetime | None
    cancelled_reason: str
    result: dict[str, Any] | None
    # (seat, what was shown by hand or None) of those whose paper is in.
    voters: tuple[tuple[int, str | None], ...]

    @property
    def is_open(self) -> bool:
        """Say whether papers are taken."""
        return self.opened_at is not None and self.closed_at is None and self.cancelled_at is None

    @property
    def is_prepared(self) -> bool:
        """Say whether it waits to be opened."""
        return self.opened_at is None and self.cancelled_at is None

    @property
    def is_plain(self) -> bool:
        """Say whether it is a question answered for or against."""
        return {code for code, _label in self.options} == set(PLAIN)

    def label(self, option: str) -> str:
        """Return the words of an option."""
        return next((label for code, label in self.options if code == option), "")

    def has_voted(self, seat_id: int | None) -> bool:
        """Say whether a member's paper is in the box."""
        return any(seat == seat_id for seat, _shown in self.voters)


_BALLOTS = (
    select(
        Ballot.id,
        Ballot.key,
        Ballot.theme_id,
        Ballot.number,
        Ballot.kind,
        Ballot.question,
        Ballot.options,
        Ballot.tie_rule,
        Ballot.opened_at,
        Ballot.base,
        Ballot.present,
        Ballot.closed_at,
        Ballot.cancelled_at,
        Ballot.cancelled_reason,
        Ballot.result,
        BallotVoter.seat_id,
        BallotVoter.shown,
    )
    .outerjoin(BallotVoter, BallotVoter.ballot_id == Ballot.id)
    .outerjoin(Seat, Seat.id == BallotVoter.seat_id)
    .where(Ballot.round_id == bindparam("round_id"))
    .order_by(Ballot.number, Seat.name, Seat.id)
)


def ballots_of(round_id: int) -> tuple[BallotLine, ...]:
    """Return the ballots of a round in their order, for who has settled who asks (one query)."""
    rows: Iterable[Any] = db.session.execute(_BALLOTS, {"round_id": round_id})
    found: dict[int, tuple[Any, list[tuple[int, str | None]]]] = {}
    for row in rows:
        voters = found.setdefault(row.id, (row, []))[1]
        if row.seat_id is not None:
            voters.append((row.seat_id, row.shown))
    return tuple(
        BallotLine(  # type: ignore[call-arg]  # the columns are its fields, in order
            *row[:6],
            tuple((option["code"], option["label"]) for option in row.options),
            *row[7:15],
            tuple(voters),
        )
        for row, voters in found.values()
    )


def ballots_room(holder: Holder, round_id: int, now: datetime) -> tuple[JuryRoom, tuple[BallotLine, ...]]:
    """Return the room of a deliberation and the ballots of the themes that ``holder`` does not stand aside from.

    Raises the matrix's refusal.
    """
    room = open_room(holder, round_id, Permission.READ_RANKING, now)
    ids = {theme.id for theme in room.themes}
    return room, tuple(line for line in ballots_of(room.round.id) if line.theme_id in ids)


def voters_of(desk: Desk, theme_id: int) -> tuple[list[SeatLine], list[SeatLine]]:
    """Return the members called to vote in a theme, and those of them present.

    Whoever stands aside from a file of the theme is in neither: they are told nothing from which its place follows.
    """
    aside = set[int]().union(
        *(
            desk.standing_aside(file)
            for file in desk.files
            if file.theme_id == theme_id and not file.withdrawn
        )
    )
    called = [seat for seat in desk.seats if seat.is_called(theme_id) and seat.id not in aside]
    return called, [seat for seat in called if seat.attendance == "present"]


def own_seat(holder: Holder, desk: Desk, theme_id: int) -> SeatLine | None:
    """Return the seat with which ``holder`` votes in a theme now, None when they do not."""
    _called, present = voters_of(desk, theme_id)
    return next((seat for seat in present if seat.account_id == holder.account_id), None)
