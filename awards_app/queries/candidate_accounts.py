"""Readings of the accounts given to candidates: the chair's desk, one account to write, what the candidate reads."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import and_, or_, select

from awards_app.database import db
from awards_app.domain.candidate_accounts import Criterion, Outcome, basis_of, draft, shared_texts
from awards_app.domain.holder import Holder
from awards_app.domain.permissions import Permission
from awards_app.domain.phases import PHASE_LABELS, Phase
from awards_app.domain.refusals import DoesNotExist, IsNotThePhase
from awards_app.domain.snapshot import COUNTED
from awards_app.models.candidacies import Candidacy, Filing
from awards_app.models.candidate_accounts import CandidateAccount
from awards_app.models.deliberations import Decision
from awards_app.models.editions import Edition, Prize, Region, Round
from awards_app.models.honours import NationalEntry
from awards_app.models.juries import Seat
from awards_app.models.scoring import Scoresheet, Snapshot, StandingRow
from awards_app.models.structures import Structure
from awards_app.queries.access import open_candidacy
from awards_app.queries.deliberation_views import seated_round
from awards_app.queries.grids import grid_of
from awards_app.queries.juries import JuryRoom, open_room
from awards_app.queries.locked_scores import themes_of

READABLE = (Phase.DECIDED, Phase.PUBLISHED)
TOLD = (Phase.PUBLISHED.value, Phase.ARCHIVED.value)


@dataclass(frozen=True, slots=True)
class AccountLine:
    """A file of the chair's desk: ``state`` is drafted, edited, approved or stale (what it tells of has changed)."""

    candidacy_id: int
    candidacy_key: str
    title: str
    structure: str
    theme_id: int
    prizes: tuple[str, ...]
    basis: str
    account: Any

    @property
    def state(self) -> str:
        """Return where the account stands."""
        if self.account.id is None:
            return "drafted"
        if self.account.basis != self.basis:
            return "stale"
        return "edited" if self.account.approved_at is None else "approved"


@dataclass(frozen=True, slots=True)
class AccountsDesk:
    """All the accounts of a round that one chair may write."""

    room: JuryRoom
    lines: tuple[AccountLine, ...]

    def count(self, state: str) -> int:
        """Return how many accounts are in a state."""
        return sum(line.state == state for line in self.lines)


@dataclass(frozen=True, slots=True)
class Comment:
    """A comment written for the jury, without its author; ``chosen`` when the jury agreed to share it."""

    sheet: str
    text: str
    chosen: bool


@dataclass(frozen=True, slots=True)
class OpenAccount:
    """One account to write: the text kept, else the one drafted."""

    desk: AccountsDesk
    line: AccountLine
    drafted: str
    body: str
    comments: tuple[Comment, ...]
    jurors: tuple[str, ...]
    version: int


@dataclass(frozen=True, slots=True)
class ToldAccount:
    """An account as its candidate reads it; ``jury`` is the region's name, empty for the national jury."""

    jury: str
    edition: str
    body: str
    comments: tuple[str, ...]
    approved_at: datetime
    zone: str


def accounts_desk(holder: Holder, seat_key: str, now: datetime) -> AccountsDesk:
    """Return the accounts of the chair's round, in the themes the chair leads; marks and ranks are not in it.

    Raises the matrix's refusal (SCO-4, the chair's own reading), `IsNotThePhase` before the decisions are confirmed.
    """
    room = open_room(holder, seated_round(holder, seat_key), Permission.READ_ATTRIBUTED_SCORES, now)
    if room.round.phase not in READABLE:
        raise IsNotThePhase(phase=PHASE_LABELS[room.round.phase])
    given = _decisions([room.round.id])
    themes = [theme.id for theme in room.themes]
    lines = []
    for row in db.session.execute(_files(room.round.id, themes)):
        decisions = given.get((room.round.id, row.candidacy_id), [])
        lines.append(
            AccountLine(
                candidacy_id=row.candidacy_id,
                candidacy_key=row.candidacy_key,
                title=row.title,
                structure=row.structure,
                theme_id=row.theme_id,
                prizes=tuple(dict.fromkeys(name for _key, name in decisions)),
                basis=basis_of((key for key, _name in decisions), row.sha256),
                account=row,
            )
        )
    return AccountsDesk(room, tuple(lines))


def _files(round_id: int, themes: list[int]) -> Any:
    return (
        select(
            CandidateAccount.id,
            CandidateAccount.body,
            CandidateAccount.basis,
            CandidateAccount.shared,
            CandidateAccount.confirmed,
            CandidateAccount.version,
            CandidateAccount.approved_at,
            CandidateAccount.told_at,
            Candidacy.id.label("candidacy_id"),
            Candidacy.key.label("candidacy_key"),
            Candidacy.title,
            Structure.name.label("structure"),
            StandingRow.theme_id,
            Snapshot.sha256,
        )
        .select_from(StandingRow)
        .join(Snapshot, Snapshot.id == StandingRow.snapshot_id)
        .join(Candidacy, Candidacy.id == StandingRow.candidacy_id)
        .join(Structure, Structure.id == Candidacy.structure_id)
        .outerjoin(
            CandidateAccount,
            and_(CandidateAccount.round_id == round_id, CandidateAccount.candidacy_id == Candidacy.id),
        )
        .where(
            Snapshot.round_id == round_id,
            Snapshot.released_at.is_(None),
            StandingRow.theme_id.in_(themes),
            Candidacy.state == "submitted",
        )
        .order_by(Structure.sort_key, Candidacy.key)
    )


def _decisions(
    round_ids: list[int], candidacy_id: int | None = None
) -> dict[tuple[int, int], list[tuple[str, str]]]:
    """Return (decision key, name of the prize) by round and candidacy, of confirmed decisions that stand."""
    query = (
        select(Decision.round_id, Decision.candidacy_id, Decision.key, Prize.name)
        .join(Prize, Prize.id == Decision.prize_id)
        .where(
            Decision.round_id.in_(round_ids),
            Decision.confirmed_at.is_not(None),
            Decision.annulled_at.is_(None),
            Decision.candidacy_id.is_not(None),
        )
        .order_by(Prize.position, Decision.id)
    )
    if candidacy_id is not None:
        query = query.where(Decision.candidacy_id == candidacy_id)
    found: dict[tuple[int, int], list[tuple[str, str]]] = {}
    for row in db.session.execute(query):
        found.setdefault((row[0], row[1] or 0), []).append((row[2], row[3]))
    return found


def open_account(holder: Holder, seat_key: str, candidacy_key: str, now: datetime) -> OpenAccount:
    """Return one account of the chair's desk. Raises `DoesNotExist` for a file that is not on it."""
    desk = accounts_desk(holder, seat_key, now)
    line = next((one for one in desk.lines if one.candidacy_key == candidacy_key), None)
    if line is None:
        raise DoesNotExist
    return open_accounts(desk, [line])[0]


def open_accounts(desk: AccountsDesk, lines: list[AccountLine]) -> list[OpenAccount]:
    """Return accounts of a desk to write; the number of queries grows with themes, not with files."""
    facts = desk.room.round
    content, edition = db.session.execute(
        select(Snapshot.content, Edition.name)
        .join(Round, Round.id == Snapshot.round_id)
        .join(Edition, Edition.id == Round.edition_id)
        .where(Snapshot.round_id == facts.id, Snapshot.released_at.is_(None))
    ).one()
    levels = _levels(content, facts.id, is_national=facts.region_code is None)
    comments = _comments(facts.id, [line.candidacy_id for line in lines])
    jurors = tuple(db.session.scalars(select(Seat.name).where(Seat.round_id == facts.id).order_by(Seat.id)))
    names = {theme.id: theme.name for theme in desk.room.themes}
    grids = {
        theme: grid_of(facts.edition_id, facts.level, theme) for theme in {line.theme_id for line in lines}
    }
    jury = f"jury régional ({facts.region_name})" if facts.region_code else "jury national"
    opened = []
    for line in lines:
        outcome = Outcome(line.structure, line.title, names[line.theme_id], jury, edition, line.prizes)
        own = levels.get(line.candidacy_id, [])
        criteria = [
            Criterion(one.name, one.levels, tuple(sheet.get(one.code) for sheet in own))
            for one in grids[line.theme_id].criteria
        ]
        drafted = draft(outcome, criteria)
        kept = {one["sheet"] for one in line.account.shared or ()}
        opened.append(
            OpenAccount(
                desk=desk,
                line=line,
                drafted=drafted,
                body=drafted if line.account.id is None else line.account.body,
                comments=tuple(
                    Comment(sheet, text, sheet in kept) for sheet, text in comments.get(line.candidacy_id, ())
                ),
                jurors=jurors,
                version=line.account.version or 0,
            )
        )
    return opened


def _levels(content: str, round_id: int, *, is_national: bool) -> dict[int, list[Mapping[str, int | None]]]:
    """Return the levels of each sheet that counted in the locked marks, by candidacy; whose they are is not read."""
    numbers: dict[str, int] = dict(db.session.execute(_numbers(round_id, is_national=is_national)).all())
    found: dict[int, list[Mapping[str, int | None]]] = {}
    for scores in themes_of(content).values():
        for sheet in scores["sheets"]:
            if sheet["state"] == COUNTED and sheet["candidacy"] in numbers:
                found.setdefault(numbers[sheet["candidacy"]], []).append(sheet["levels"])
    return found


def _numbers(round_id: int, *, is_national: bool) -> Any:
    if is_national:
        return (
            select(Filing.receipt, NationalEntry.candidacy_id)
            .join(NationalEntry, NationalEntry.filing_id == Filing.id)
            .where(NationalEntry.round_id == round_id, NationalEntry.ended_at.is_(None))
        )
    return (
        select(Filing.receipt, Filing.candidacy_id)
        .join(Candidacy, Candidacy.id == Filing.candidacy_id)
        .where(Candidacy.round_id == round_id, Filing.replaced_at.is_(None))
    )


def _comments(round_id: int, candidacy_ids: list[int]) -> dict[int, list[tuple[str, str]]]:
    rows = db.session.execute(
        select(Scoresheet.candidacy_id, Scoresheet.key, Scoresheet.shared_comment).where(
            Scoresheet.round_id == round_id,
            Scoresheet.candidacy_id.in_(candidacy_ids),
            Scoresheet.set_aside_at.is_(None),
            Scoresheet.shared_comment != "",
        )
    )
    found: dict[int, list[tuple[str, str]]] = {}
    # In the order of the alphabet: neither seats nor the order of saving show.
    for candidacy_id, key, text in sorted(rows, key=lambda row: row[2]):
        found.setdefault(candidacy_id, []).append((key, text))
    return found


def told_accounts(holder: Holder, candidacy_key: str, now: datetime) -> tuple[str, tuple[ToldAccount, ...]]:
    """Return the file's title and what its juries tell its structure, the region's first; nothing before publication.

    An account that tells of a decision or of marks changed since is not shown. Raises the matrix's refusal.
    """
    facts = open_candidacy(holder, candidacy_key, Permission.READ_OWN_CANDIDACY, now)
    return facts.title, tuple(
        ToldAccount(
            row.name or "",
            row.edition,
            row.body,
            tuple(shared_texts(row.shared)),
            row.approved_at,
            row.zone,
        )
        for row in _readable(facts.id)
    )


def is_readable(candidacy_id: int, round_id: int) -> bool:
    """Say whether the structure may read now what this jury tells it: approved, published, and of what is decided."""
    return any(row.id == round_id for row in _readable(candidacy_id))


def _readable(candidacy_id: int) -> list[Any]:
    rows = db.session.execute(
        select(
            Round.id,
            Round.zone,
            Region.name,
            Edition.name.label("edition"),
            Snapshot.sha256,
            CandidateAccount.body,
            CandidateAccount.basis,
            CandidateAccount.shared,
            CandidateAccount.approved_at,
        )
        .select_from(CandidateAccount)
        .join(Round, Round.id == CandidateAccount.round_id)
        .join(Edition, Edition.id == Round.edition_id)
        .join(Snapshot, and_(Snapshot.round_id == Round.id, Snapshot.released_at.is_(None)))
        .outerjoin(Region, Region.code == Round.region_code)
        .where(
            CandidateAccount.candidacy_id == candidacy_id,
            CandidateAccount.approved_at.is_not(None),
            or_(*(Round.phase == phase for phase in TOLD)),
        )
        .order_by(Round.region_code.is_(None), Round.id)
    ).all()
    given = _decisions([row.id for row in rows], candidacy_id) if rows else {}
    return [
        row
        for row in rows
        if row.basis == basis_of((key for key, _name in given.get((row.id, candidacy_id), ())), row.sha256)
    ]
