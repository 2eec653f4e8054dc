"""Readings of ties: the facts between a seat and the files, what was declared, the register of a jury."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, bindparam, func, literal, select, union_all
from sqlalchemy.orm import aliased

from awards_app.database import db
from awards_app.domain.holder import Holder
from awards_app.domain.interests import JurorFacts, StructureFacts, Tie, find_ties
from awards_app.domain.permissions import Permission
from awards_app.domain.phases import Phase
from awards_app.models.accounts import Account, RoleGrant
from awards_app.models.candidacies import AdmissibilityDecision, Answer, Candidacy
from awards_app.models.editions import FormQuestion, Round
from awards_app.models.honours import NationalEntry
from awards_app.models.juries import Interest, Seat
from awards_app.models.structures import Membership, Structure
from awards_app.queries.juries import JuryRoom, SeatFacts, open_room, open_seat

# The answers of a file that name people of the structure.
NAMES_OF_PEOPLE = ("representative_name", "contact_name")


@dataclass(frozen=True, slots=True)
class FileTies:
    """A file with the facts found between it and one seat, and what was declared."""

    candidacy_id: int
    key: str
    title: str
    structure: str
    city: str
    theme_id: int
    ties: tuple[Tie, ...]
    verdict: str | None
    reason: str
    is_automatic: bool


@dataclass(frozen=True, slots=True)
class RegisterLine:
    """A declaration in the register of a jury."""

    seat_key: str
    juror: str
    candidacy_key: str
    structure: str
    title: str
    verdict: str
    reason: str
    declared_at: datetime
    is_automatic: bool
    declared_by_self: bool


@dataclass(frozen=True, slots=True)
class Register:
    """The declarations of a jury that a person may read, and the pairs not declared yet."""

    room: JuryRoom
    lines: tuple[RegisterLine, ...]


def interests_of_seat(holder: Holder, seat_key: str, now: datetime) -> tuple[SeatFacts, tuple[FileTies, ...]]:
    """Return the person's own seat with every structure of its theme, for the page of declarations.

    Empty before the call has closed: there is no list of files until then.
    """
    seat = open_seat(holder, seat_key, now)
    if seat.phase in (Phase.PREPARATION, Phase.FILING) and not seat.is_national:
        return seat, ()
    return seat, ties_of_seat(seat.id, seat.round_id, is_national=seat.is_national)


def ties_of_seat(seat_id: int, round_id: int, *, is_national: bool) -> tuple[FileTies, ...]:
    """Return each file that the seat may be called to read with its facts, by structure's name (four queries)."""
    juror = _juror(seat_id)
    query = (_FILES if juror.theme_id is None else _FILES_OF_THEME)[is_national]
    values = {"seat_id": seat_id, "round_id": round_id, "theme_id": juror.theme_id}
    files = db.session.execute(query, values).all()
    people = _people(files, juror.account_id)
    places = _places(juror.account_id)
    facts = JurorFacts(
        addresses=frozenset({juror.invited_email, juror.email or ""}),
        name=juror.name,
        college=juror.college,
        sirens=frozenset(place.siren for place in places.values() if place.siren),
        region_code=juror.region_code if is_national else None,
    )
    lines = []
    for row in files:
        place, them = places.get(row.structure_id), people.get(row.structure_id, _People())
        ties = find_ties(
            facts,
            StructureFacts(
                name=row.structure,
                addresses=frozenset(them.addresses),
                people=frozenset(them.names),
                website=row.website,
                siren=row.siren or "",
                region_code=row.region_code,
                is_member=place is not None and place.is_live,
                was_member=place is not None,
                has_colleague=them.has_colleague,
            ),
        )
        lines.append(
            FileTies(
                candidacy_id=row.candidacy_id,
                key=row.key,
                title=row.title,
                structure=row.structure,
                city=row.city,
                theme_id=row.theme_id,
                ties=ties,
                verdict=row.verdict,
                reason=row.reason or "",
                is_automatic=row.verdict is not None and row.declared_by_id is None,
            )
        )
    return tuple(lines)


def _siren() -> ColumnElement[str]:
    """Return the SIREN of a structure, that of its establishment when it is all there is."""
    return func.coalesce(Structure.siren, func.substr(Structure.siret, 1, 9)).label("siren")


def _juror_query() -> Select[*tuple[Any, ...]]:
    own_region = (
        select(RoleGrant.region_code)
        .where(
            RoleGrant.account_id == Seat.account_id,
            RoleGrant.region_code.is_not(None),
            RoleGrant.revoked_at.is_(None),
        )
        .limit(1)
        .scalar_subquery()
    )
    return (
        select(
            Seat.account_id,
            Seat.invited_email,
            Seat.name,
            Seat.college,
            Seat.theme_id,
            Account.email,
            Seat.region_code.label("seat_region"),
            own_region.label("own_region"),
        )
        .outerjoin(Account, Account.id == Seat.account_id)
        .where(Seat.id == bindparam("seat_id"))
    )


_JUROR = _juror_query()


def _juror(seat_id: int) -> "_Juror":
    row = db.session.execute(_JUROR, {"seat_id": seat_id}).one()
    return _Juror(
        row.account_id,
        row.invited_email,
        row.name,
        row.college,
        row.theme_id,
        row.email,
        row.seat_region or row.own_region,
    )


@dataclass(frozen=True, slots=True)
class _Juror:
    account_id: int | None
    invited_email: str
    name: str
    college: str
    theme_id: int | None
    email: str | None
    region_code: str | None


def _files_query(*, is_national: bool) -> Select[*tuple[Any, ...]]:
    refused = select(AdmissibilityDecision.candidacy_id).where(
        AdmissibilityDecision.verdict == "inadmissible", AdmissibilityDecision.replaced_at.is_(None)
    )
    if is_national:
        entries = select(NationalEntry.candidacy_id).where(
            NationalEntry.round_id == bindparam("round_id"), NationalEntry.ended_at.is_(None)
        )
        where: ColumnElement[bool] = Candidacy.id.in_(entries)
    else:
        where = Candidacy.round_id == bindparam("round_id")
    return (
        select(
            Candidacy.id.label("candidacy_id"),
            Candidacy.key,
            Candidacy.title,
            Candidacy.theme_id,
            Candidacy.structure_id,
            Structure.name.label("structure"),
            Structure.city,
            Structure.website,
            Structure.region_code,
            _siren(),
            Interest.verdict,
            Interest.reason,
            Interest.declared_by_id,
        )
        .join(Structure, Structure.id == Candidacy.structure_id)
        .outerjoin(
            Interest,
            (Interest.seat_id == bindparam("seat_id"))
            & (Interest.candidacy_id == Candidacy.id)
            & Interest.replaced_at.is_(None),
        )
        .where(where, Candidacy.state == "submitted", Candidacy.id.not_in(refused))
        .order_by(Structure.sort_key, Candidacy.id)
    )


_FILES = {is_national: _files_query(is_national=is_national) for is_national in (False, True)}
_FILES_OF_THEME = {
    is_national: query.where(Candidacy.theme_id == bindparam("theme_id"))
    for is_national, query in _FILES.items()
}
_MEMBERSHIPS = (
    select(Membership.structure_id, Membership.left_at, _siren())
    .join(Structure, Structure.id == Membership.structure_id)
    .where(Membership.account_id == bindparam("account_id"), Membership.accepted_at.is_not(None))
)
_OTHERS = aliased(Membership)
_MINE = aliased(Membership)
# The people of the structures that file: their members, those their files name, and the juror's colleagues elsewhere.
_PEOPLE = union_all(
    select(Membership.structure_id, literal("member").label("what"), Account.email.label("one"), Account.name)
    .join(Account, Account.id == Membership.account_id)
    .where(Membership.structure_id.in_(bindparam("structure_ids", expanding=True))),
    select(Candidacy.structure_id, FormQuestion.kind, Answer.value, Answer.question_code)
    .select_from(Answer)
    .join(Candidacy, Candidacy.id == Answer.candidacy_id)
    .join(
        FormQuestion,
        (FormQuestion.edition_id == Candidacy.edition_id) & (FormQuestion.code == Answer.question_code),
    )
    .where(
        Candidacy.id.in_(bindparam("candidacy_ids", expanding=True)),
        (FormQuestion.kind == "email") | FormQuestion.code.in_(NAMES_OF_PEOPLE),
    ),
    select(Membership.structure_id, literal("colleague"), literal(""), literal(""))
    .join(
        _OTHERS,
        (_OTHERS.account_id == Membership.account_id)
        & (_OTHERS.structure_id != Membership.structure_id)
        & _OTHERS.accepted_at.is_not(None)
        & _OTHERS.left_at.is_(None),
    )
    .join(
        _MINE,
        (_MINE.structure_id == _OTHERS.structure_id)
        & (_MINE.account_id == bindparam("account_id"))
        & _MINE.accepted_at.is_not(None)
        & _MINE.left_at.is_(None),
    )
    .where(
        Membership.structure_id.in_(bindparam("structure_ids", expanding=True)),
        Membership.account_id != bindparam("account_id"),
        Membership.accepted_at.is_not(None),
        Membership.left_at.is_(None),
    ),
)


@dataclass(slots=True)
class _People:
    addresses: set[str] = field(default_factory=set)
    names: set[str] = field(default_factory=set)
    has_colleague: bool = False


@dataclass(frozen=True, slots=True)
class _Place:
    is_live: bool
    siren: str


def _places(account_id: int | None) -> dict[int, _Place]:
    """Return the structures that the juror is or was a member of."""
    found: dict[int, _Place] = {}
    if account_id is not None:
        for structure_id, left_at, siren in db.session.execute(_MEMBERSHIPS, {"account_id": account_id}):
            before = found.get(structure_id)
            found[structure_id] = _Place(
                left_at is None or (before is not None and before.is_live), siren or ""
            )
    return found


def _people(files: Sequence[Any], account_id: int | None) -> dict[int, _People]:
    """Return the people of each structure: the addresses and names of its members, and those written in its files."""
    found: dict[int, _People] = {}
    values = {
        "structure_ids": [row.structure_id for row in files],
        "candidacy_ids": [row.candidacy_id for row in files],
        "account_id": account_id or 0,
    }
    for structure_id, what, one, other in db.session.execute(_PEOPLE, values):
        them = found.setdefault(structure_id, _People())
        if what == "colleague":
            them.has_colleague = True
        elif what in ("member", "email"):
            them.addresses.add(one)
        if what == "member":
            them.names.add(other)
        elif other in NAMES_OF_PEOPLE:
            them.names.add(one)
    return found


def interests_register(holder: Holder, round_key: str, now: datetime) -> Register:
    """Return the declarations of a jury: all of them for the chamber, staff and auditor, one's own for a juror."""
    room = open_room(holder, round_key, Permission.READ_INTEREST, now)
    own = [seat.id for seat in holder.seats if seat.round_id == room.round.id]
    staff = (
        holder.is_national_staff or holder.is_auditor or room.round.region_code in holder.coordinated_regions
    )
    is_chair = any(seat.function == "chair" and seat.round_id == room.round.id for seat in holder.seats)
    query = (
        select(
            Seat.key.label("seat_key"),
            Seat.name,
            Candidacy.key.label("candidacy_key"),
            Structure.name.label("structure"),
            Candidacy.title,
            Interest.verdict,
            Interest.reason,
            Interest.declared_at,
            Interest.declared_by_id,
            Seat.account_id,
        )
        .select_from(Interest)
        .join(Seat, Seat.id == Interest.seat_id)
        .join(Candidacy, Candidacy.id == Interest.candidacy_id)
        .join(Structure, Structure.id == Candidacy.structure_id)
        .join(Round, Round.id == Seat.round_id)
        .where(Round.id == room.round.id, Interest.replaced_at.is_(None), Seat.left_at.is_(None))
        .order_by(Interest.verdict.desc(), Seat.name, Structure.sort_key)
    )
    if not staff and not is_chair:
        query = query.where(Seat.id.in_(own))
    lines = tuple(
        RegisterLine(
            row.seat_key,
            row.name,
            row.candidacy_key,
            row.structure,
            row.title,
            row.verdict,
            row.reason,
            row.declared_at,
            row.declared_by_id is None,
            row.declared_by_id is not None and row.declared_by_id == row.account_id,
        )
        for row in db.session.execute(query)
    )
    return Register(room, lines)
