"""A discussion as one member may follow it: where it stands, who leaves for the next file, what is at the vote."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import bindparam, func, select

from awards_app.database import db
from awards_app.domain.discussion_order import DiscussedFile, discussion_order, leaving
from awards_app.domain.holder import Holder
from awards_app.domain.permissions import Permission
from awards_app.domain.phases import Phase
from awards_app.domain.refusals import DoesNotExist
from awards_app.models.candidacies import Candidacy
from awards_app.models.discussion import Discussion
from awards_app.models.voting import Ballot, BallotVoter
from awards_app.queries.deliberations import desk_of
from awards_app.queries.desks import Desk, RankedLine
from awards_app.queries.editions import ThemeFacts
from awards_app.queries.juries import JuryRoom, enter_room, find_room

# A file contends down to this rank: two beyond what a jury gives in a theme, one place in a region, three nominees.
LAST_CONTENDER = {"regional": 3, "national": 5}


@dataclass(frozen=True, slots=True)
class OrderLine:
    """A file in the order of discussion, with who leaves before it and who comes back."""

    file: RankedLine
    is_contender: bool
    is_done: bool
    leave: tuple[str, ...]
    come_back: tuple[str, ...]
    aside: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Standing:
    """Where a discussion stands, for everybody of the jury: the file and its theme, and the ballot that is open."""

    version: int
    candidacy_key: str | None
    theme_id: int | None
    ballot_key: str | None
    ballot_theme_id: int | None
    # The key of each open ballot that the reader may see, with how many have voted.
    votes: tuple[tuple[str, int], ...]
    phase: str

    def token(self, room: JuryRoom, *, counts_votes: bool = False) -> str:
        """Return what changes when the reader's page is behind: for who must leave, nothing tells one file from another.

        A page that follows a vote is also behind when somebody votes.
        """
        known = self.theme_id is None or room.may(Permission.READ_RANKING, self.theme_id)
        place = f"{self.version}" if known else "aside"
        votes = [f"{key}:{count}" if counts_votes else key for key, count in self.votes]
        return f"{place}.{','.join(votes)}"


@dataclass(frozen=True, slots=True)
class DiscussionView:
    """The discussion cut to the themes that its reader does not stand aside from."""

    room: JuryRoom
    desk: Desk
    standing: Standing
    lines: tuple[OrderLine, ...]
    notes: Mapping[str, dict[str, Any]]
    is_arranged: bool

    @property
    def current(self) -> OrderLine | None:
        """Return the file in discussion, None when there is none that the reader may know of."""
        return next((line for line in self.lines if line.file.key == self.standing.candidacy_key), None)

    @property
    def must_leave(self) -> bool:
        """Say whether a file of a theme that the reader stands aside from is in discussion."""
        return self.standing.candidacy_key is not None and self.current is None

    def leads(self, theme_id: int) -> bool:
        """Say whether the reader chairs the discussion in a theme."""
        return self.room.may(Permission.PROPOSE_DECISION, theme_id)


_STANDING = (
    select(
        Discussion.version,
        Discussion.candidacy_key,
        Candidacy.theme_id,
        Discussion.arranged,
        Discussion.notes,
        Discussion.done,
    )
    .outerjoin(Candidacy, Candidacy.key == Discussion.candidacy_key)
    .where(Discussion.round_id == bindparam("round_id"))
)
_OPEN_BALLOTS = (
    select(
        Ballot.key,
        Ballot.theme_id,
        select(func.count())
        .select_from(BallotVoter)
        .where(BallotVoter.ballot_id == Ballot.id)
        .scalar_subquery()
        .label("votes"),
    )
    .where(
        Ballot.round_id == bindparam("round_id"),
        Ballot.opened_at.is_not(None),
        Ballot.closed_at.is_(None),
        Ballot.cancelled_at.is_(None),
    )
    .order_by(Ballot.number.desc())
)


def discussion_room(holder: Holder, round_id: int, now: datetime) -> JuryRoom:
    """Return the room of a jury that deliberates, for its members alone, those who stand aside included.

    Raises the matrix's refusal, `DoesNotExist` out of the deliberation.
    """
    room = find_room(holder, round_id, now)
    if room is None or room.round.phase is not Phase.DELIBERATION:
        raise DoesNotExist
    enter_room(room, Permission.READ_JURY)
    return room


def standing_of(holder: Holder, round_id: int, now: datetime) -> tuple[JuryRoom, Standing]:
    """Return where the discussion of a round stands, cut to what ``holder`` may know; see `discussion_room`."""
    room = discussion_room(holder, round_id, now)
    return room, _standing(room)[0]


def notes_of(round_id: int) -> dict[str, dict[str, Any]]:
    """Return the chair's notes of a discussion by candidacy key, for the minutes (one query)."""
    return db.session.scalar(select(Discussion.notes).where(Discussion.round_id == round_id)) or {}


def _standing(room: JuryRoom) -> tuple[Standing, Any]:
    ids = {"round_id": room.round.id}
    row = db.session.execute(_STANDING, ids).one_or_none()
    # The latest of those that the reader may see: a vote on other files hides none.
    ballots = [
        one
        for one in db.session.execute(_OPEN_BALLOTS, ids)
        if room.may(Permission.READ_RANKING, one.theme_id)
    ]
    ballot = next(iter(ballots), None)
    standing = Standing(
        version=row.version if row else 0,
        candidacy_key=row.candidacy_key if row else None,
        theme_id=row.theme_id if row else None,
        ballot_key=ballot.key if ballot else None,
        ballot_theme_id=ballot.theme_id if ballot else None,
        votes=tuple((one.key, one.votes) for one in ballots),
        phase=room.round.phase,
    )
    return standing, row


def discussion_view(holder: Holder, round_id: int, now: datetime) -> DiscussionView:
    """Return the discussion for ``holder``; see `discussion_room` for what it raises."""
    room = discussion_room(holder, round_id, now)
    standing, row = _standing(room)
    own = tuple(theme for theme in room.themes if room.may(Permission.READ_RANKING, theme.id))
    themes = tuple(
        ThemeFacts(theme.id, theme.code, theme.name, theme.description, theme.colour) for theme in own
    )
    desk = desk_of(room.round.id, themes, with_prizes=False)
    ids = {theme.id for theme in own}
    lines = _lines(desk, ids, list(row.arranged) if row else [], set(row.done) if row else set())
    leads = {theme.id for theme in own if room.may(Permission.PROPOSE_DECISION, theme.id)}
    shown = {line.file.key for line in lines if line.file.theme_id in leads}
    notes = {key: note for key, note in row.notes.items() if key in shown} if row else {}
    return DiscussionView(room, desk, standing, lines, notes, bool(row and row.arranged))


def _lines(desk: Desk, theme_ids: set[int], arranged: list[str], done: set[str]) -> tuple[OrderLine, ...]:
    files = {file.key: file for file in desk.files if file.theme_id in theme_ids and not file.withdrawn}
    last = LAST_CONTENDER[desk.round.level]
    names = {str(seat.id): seat.name for seat in desk.seats}
    found = [
        DiscussedFile(
            file.key,
            file.rank is not None and file.rank <= last,
            frozenset(str(seat) for seat in desk.standing_aside(file) if str(seat) in names),
        )
        for file in files.values()
    ]
    order = discussion_order(found)
    if arranged:
        # A file that the chair has not placed keeps its place after those placed.
        placed = {key: place for place, key in enumerate(arranged)}
        order = tuple(sorted(order, key=lambda file: placed.get(file.key, len(placed))))
    moves = leaving(order)

    def called(people: frozenset[str]) -> tuple[str, ...]:
        return tuple(sorted(names[one] for one in people))

    return tuple(
        OrderLine(
            files[file.key],
            file.is_contender,
            file.key in done,
            called(moves[file.key][0]),
            called(moves[file.key][1]),
            called(file.recused),
        )
        for file in order
    )
