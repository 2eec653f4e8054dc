"""A deliberation as one person may see it: the themes they do not stand aside from, and what is decided if they may know."""

from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy import select

from awards_app.database import db
from awards_app.domain.deliberations import Point
from awards_app.domain.holder import Holder
from awards_app.domain.permissions import Permission, is_allowed
from awards_app.domain.phases import Phase
from awards_app.domain.refusals import DoesNotExist
from awards_app.models.deliberations import Minutes
from awards_app.models.editions import Round
from awards_app.models.juries import Seat
from awards_app.queries.deliberations import Desk, RankedLine, desk_of
from awards_app.queries.editions import ThemeFacts
from awards_app.queries.juries import JuryRoom, enter_room, find_room
from awards_app.queries.reconciliation import confirmation_points


@dataclass(frozen=True, slots=True)
class DeliberationView:
    """The table cut to what ``room.themes`` allows; ``knows`` says whether decisions may be shown."""

    room: JuryRoom
    desk: Desk
    knows: bool
    leads: bool
    sees_ranking: bool
    points: tuple[Point, ...]

    def may(self, permission: Permission) -> bool:
        """Say whether the person may do something in one of the themes they see."""
        return any(self.room.may(permission, theme.id) for theme in self.room.themes)

    def leaving(self, file: RankedLine) -> list[str]:
        """Return the names of who leaves the room for a file."""
        aside = self.desk.standing_aside(file)
        return [seat.name for seat in self.desk.seats if seat.id in aside]


def deliberation(
    holder: Holder, round_key: str | int, now: datetime, *, with_points: bool = False
) -> DeliberationView:
    """Return the deliberation of a round for ``holder``; raises the matrix's refusal.

    Under embargo and after, it is the record of decisions (DEC-3); before, the ranking (RNK-1). The blocking points
    are recounted only for who sees every theme.
    """
    known = find_room(holder, round_key, now)
    if known is None:
        raise DoesNotExist
    decided = known.round.phase in (Phase.DECIDED, Phase.PUBLISHED, Phase.ARCHIVED)
    permission = Permission.READ_DECISION if decided else Permission.READ_RANKING
    room = enter_room(known, permission)
    whole = room.is_whole(permission)
    themes = tuple(
        ThemeFacts(theme.id, theme.code, theme.name, theme.description, theme.colour)
        for theme in known.themes
    )
    desk = desk_of(room.round.id, themes)
    leads = any(room.may(Permission.PROPOSE_DECISION, theme.id) for theme in room.themes)
    confirms = any(room.may(Permission.CONFIRM_DECISION, theme.id) for theme in room.themes)
    points = confirmation_points(desk) if with_points and whole and (leads or confirms) else ()
    knows = decided or leads or confirms
    sees = all(
        is_allowed(Permission.READ_RANKING, room.round.phase, room.subjects[theme.id])
        for theme in room.themes
    )
    return DeliberationView(room, _cut(desk, room, knows=knows, whole=whole), knows, leads, sees, points)


def _cut(desk: Desk, room: JuryRoom, *, knows: bool, whole: bool) -> Desk:
    ids = {theme.id for theme in room.themes}
    files = tuple(file for file in desk.files if file.theme_id in ids)
    shown = {file.id for file in files}
    return replace(
        desk,
        themes=tuple(theme for theme in desk.themes if theme.id in ids),
        files=files,
        decisions=tuple(
            line
            for line in desk.decisions
            if knows and (line.theme_id in ids or (line.theme_id is None and whole))
        ),
        tie_breaks=tuple(line for line in desk.tie_breaks if line.theme_id in ids),
        recusals=tuple(line for line in desk.recusals if line.candidacy_id in shown),
    )


def seated_round(holder: Holder, seat_key: str) -> int:
    """Return the identifier of the round of the person's own seat; raises `DoesNotExist` for any other."""
    found = next((seat.round_id for seat in holder.seats if seat.key == seat_key), None)
    if found is None:
        raise DoesNotExist
    return found


def round_of_seat(holder: Holder, seat_key: str) -> tuple[str, str]:
    """Return (round key, function) of the person's own seat; raises `DoesNotExist` for any other."""
    row = db.session.execute(
        select(Round.key, Seat.function)
        .join(Seat, Seat.round_id == Round.id)
        .where(
            Seat.key == seat_key,
            Seat.account_id == holder.account_id,
            Seat.left_at.is_(None),
            Seat.accepted_at.is_not(None),
        )
    ).one_or_none()
    if row is None:
        raise DoesNotExist
    return row.key, row.function


def former_minutes(round_id: int) -> tuple[tuple[str, datetime], ...]:
    """Return the number and freezing instant of minutes that were replaced."""
    rows = db.session.execute(
        select(Minutes.number, Minutes.frozen_at)
        .where(Minutes.round_id == round_id, Minutes.replaced_at.is_not(None), Minutes.frozen_at.is_not(None))
        .order_by(Minutes.id)
    )
    return tuple((row[0], row[1]) for row in rows if row[1] is not None)
