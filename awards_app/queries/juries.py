"""Readings of juries: a person's seat, the room a jury is for each of its themes, its composition."""

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from sqlalchemy import BindParameter, ColumnElement, Select, bindparam, or_, select

from awards_app.database import db, read
from awards_app.domain.holder import Holder
from awards_app.domain.permissions import Permission, Subject, authorise, is_allowed
from awards_app.domain.phases import Phase, phase_at
from awards_app.domain.refusals import DoesNotExist
from awards_app.domain.subjects import Place, subjects_of
from awards_app.models.candidacies import AdmissibilityDecision, Candidacy
from awards_app.models.editions import Edition, Region, Round, Theme
from awards_app.models.honours import NationalEntry
from awards_app.models.juries import Interest, Seat
from awards_app.models.structures import Membership
from awards_app.queries.access import RoundFacts


@dataclass(frozen=True, slots=True)
class JuryTheme:
    """A theme of a round, for a jury."""

    id: int
    code: str
    name: str
    description: str
    colour: str
    has_files: bool


@dataclass(frozen=True, slots=True)
class SeatFacts:
    """A live, accepted seat of the person who asks, with its round at an instant."""

    id: int
    key: str
    function: str
    name: str
    theme_id: int | None
    theme_name: str | None
    shuffle: str
    charter_at: datetime | None
    finished_at: datetime | None
    round_id: int
    round_key: str
    edition_id: int
    edition_name: str
    year: int
    region_code: str | None
    region_name: str | None
    zone: str
    phase: Phase
    scoring_closes_at: datetime | None
    locked_at: datetime | None

    @property
    def is_national(self) -> bool:
        """Say whether the seat is in the national jury."""
        return self.region_code is None

    @property
    def scores(self) -> bool:
        """Say whether the seat gives marks: the secretary's does not."""
        return self.function != "secretary"

    @property
    def leads(self) -> bool:
        """Say whether the seat is the chair's or the deputy's."""
        return self.function in ("chair", "deputy")


@dataclass(frozen=True, slots=True)
class JuryRoom:
    """A round as a jury: ``themes`` are those in which the person may do what was asked."""

    round: RoundFacts
    themes: tuple[JuryTheme, ...]
    subjects: dict[int, frozenset[Subject]]

    def may(self, permission: Permission, theme_id: int) -> bool:
        """Say whether the person may do something else in one of the themes."""
        return is_allowed(permission, self.round.phase, self.subjects[theme_id])

    def is_whole(self, permission: Permission) -> bool:
        """Say whether the person may do something in every theme, those without any file included."""
        return all(self.may(permission, theme_id) for theme_id in self.subjects)


def judged_by(round_id: int | BindParameter[Any], *, is_national: bool) -> list[ColumnElement[bool]]:
    """Return the conditions for the candidacies in the running in a round: filed, admissible or sent up, not withdrawn."""
    if is_national:
        entries = select(NationalEntry.candidacy_id).where(
            NationalEntry.round_id == round_id, NationalEntry.ended_at.is_(None)
        )
        return [Candidacy.id.in_(entries), Candidacy.state == "submitted"]
    admissible = select(AdmissibilityDecision.candidacy_id).where(
        AdmissibilityDecision.candidacy_id == Candidacy.id,
        AdmissibilityDecision.verdict == "admissible",
        AdmissibilityDecision.replaced_at.is_(None),
    )
    return [Candidacy.round_id == round_id, Candidacy.state == "submitted", admissible.exists()]


def _seat_query() -> Select[*tuple[Any, ...]]:
    return (
        select(
            Seat.id,
            Seat.key,
            Seat.function,
            Seat.name,
            Seat.theme_id,
            Theme.name.label("theme_name"),
            Seat.shuffle,
            Seat.charter_at,
            Seat.finished_at,
            Round.id.label("round_id"),
            Round.key.label("round_key"),
            Round.edition_id,
            Edition.name.label("edition_name"),
            Edition.year,
            Round.region_code,
            Region.name.label("region_name"),
            Round.zone,
            Round.phase,
            Round.opens_at,
            Round.closes_at,
            Round.scoring_closes_at,
            Round.locked_at,
        )
        .join(Round, Round.id == Seat.round_id)
        .join(Edition, Edition.id == Round.edition_id)
        .outerjoin(Region, Region.code == Round.region_code)
        .outerjoin(Theme, Theme.id == Seat.theme_id)
        .where(Seat.left_at.is_(None), Seat.accepted_at.is_not(None))
    )


def _seat_facts(row: Any, now: datetime) -> SeatFacts:
    values = row._asdict()
    opens_at, closes_at = values.pop("opens_at"), values.pop("closes_at")
    values["phase"] = phase_at(Phase(row.phase), now, opens_at, closes_at)
    return SeatFacts(**values)


_OWN_SEAT = _seat_query().where(Seat.key == bindparam("seat_key"), Seat.account_id == bindparam("account_id"))


def open_seat(holder: Holder, seat_key: str, now: datetime) -> SeatFacts:
    """Return the person's own live seat; raise `DoesNotExist` for any other."""
    rows = read(_OWN_SEAT, {"seat_key": seat_key, "account_id": holder.account_id})
    if not rows:
        raise DoesNotExist
    return _seat_facts(rows[0], now)


def seats_of(holder: Holder, now: datetime) -> tuple[SeatFacts, ...]:
    """Return the person's live seats, the latest edition first."""
    rows = db.session.execute(
        _seat_query()
        .where(Seat.account_id == holder.account_id)
        .order_by(Edition.year.desc(), Region.position, Seat.id)
    )
    return tuple(_seat_facts(row, now) for row in rows)


def open_room(holder: Holder, round_key: str | int, permission: Permission, now: datetime) -> JuryRoom:
    """Return the round (by its key or identifier) with the themes in which ``holder`` may do ``permission``.

    A juror who stands aside in one theme keeps their rights in the others. Raises the matrix's refusal when the
    person may in none.
    """
    room = find_room(holder, round_key, now)
    if room is None:
        raise DoesNotExist
    return enter_room(room, permission)


def enter_room(room: JuryRoom, permission: Permission) -> JuryRoom:
    """Return a room that was found, with the themes in which its reader may do ``permission``; see `open_room`."""
    # A theme without any file gives no right over the round to who stands aside in the others.
    judged = [theme for theme in room.themes if theme.has_files] or list(room.themes)
    everywhere = frozenset[Subject]().union(*(room.subjects[theme.id] for theme in judged))
    authorise(permission, room.round.phase, everywhere)
    return JuryRoom(
        replace(room.round, subjects=everywhere),
        tuple(theme for theme in judged if room.may(permission, theme.id)),
        room.subjects,
    )


def find_room(holder: Holder, round_key: str | int, now: datetime) -> JuryRoom | None:
    """Return the round with what ``holder`` is in each of its themes, None if there is no such round."""
    rows = db.session.execute(
        select(
            Round.id,
            Round.key,
            Round.edition_id,
            Edition.year,
            Round.region_code,
            Region.name.label("region_name"),
            Round.zone,
            Round.phase,
            Round.takes_part,
            Round.opens_at,
            Round.closes_at,
            Theme.id.label("theme_id"),
            Theme.code,
            Theme.name,
            Theme.description,
            Theme.colour,
            _has_files().label("has_files"),
        )
        .join(Edition, Edition.id == Round.edition_id)
        .join(Theme, Theme.edition_id == Edition.id)
        .outerjoin(Region, Region.code == Round.region_code)
        .where(Round.id == round_key if isinstance(round_key, int) else Round.key == round_key)
        .order_by(Theme.position)
    ).all()
    if not rows:
        return None
    row = rows[0]
    facts = RoundFacts(
        id=row.id,
        key=row.key,
        edition_id=row.edition_id,
        year=row.year,
        region_code=row.region_code,
        region_name=row.region_name,
        zone=row.zone,
        phase=phase_at(Phase(row.phase), now, row.opens_at, row.closes_at),
        takes_part=row.takes_part,
        subjects=frozenset(),
    )
    themes = tuple(
        JuryTheme(line.theme_id, line.code, line.name, line.description, line.colour, line.has_files)
        for line in rows
    )
    return JuryRoom(facts, themes, _subjects_by_theme(holder, facts, themes))


def _has_files() -> ColumnElement[bool]:
    sent_up = select(NationalEntry.id).where(
        NationalEntry.round_id == Round.id,
        NationalEntry.theme_id == Theme.id,
        NationalEntry.ended_at.is_(None),
    )
    filed = select(Candidacy.id).where(
        Candidacy.round_id == Round.id,
        Candidacy.theme_id == Theme.id,
        Candidacy.state.in_(("submitted", "withdrawn")),
    )
    return or_(filed.exists(), sent_up.exists())


def _subjects_by_theme(
    holder: Holder, facts: RoundFacts, themes: tuple[JuryTheme, ...]
) -> dict[int, frozenset[Subject]]:
    own = [seat for seat in holder.seats if seat.round_id == facts.id]
    aside = _recused(facts, [seat.id for seat in own], is_chair=False) if own else {}
    chairs = _recused(facts, [], is_chair=True) if any(seat.function == "deputy" for seat in own) else {}
    candidates = candidate_structures(holder, facts) if own and holder.memberships else {}
    found = {}
    for theme in themes:
        place = Place(
            round_id=facts.id,
            region_code=facts.region_code,
            theme_id=theme.id,
            recused_seats=frozenset(aside.get(theme.id, ())),
            candidate_structures=frozenset(candidates.get(theme.id, ())),
            chair_is_recused=bool(chairs.get(theme.id)),
        )
        found[theme.id] = subjects_of(holder, place)
    return found


def _recused(facts: RoundFacts, seat_ids: list[int], *, is_chair: bool) -> dict[int | None, set[int]]:
    mine = (Seat.function == "chair") & Seat.left_at.is_(None) if is_chair else Interest.seat_id.in_(seat_ids)
    rows = db.session.execute(
        select(Candidacy.theme_id, Interest.seat_id)
        .select_from(Interest)
        .join(Candidacy, Candidacy.id == Interest.candidacy_id)
        .join(Seat, Seat.id == Interest.seat_id)
        .where(
            Seat.round_id == facts.id,
            mine,
            Interest.verdict == "recused",
            Interest.replaced_at.is_(None),
            Candidacy.state.in_(("submitted", "withdrawn")),
        )
        .distinct()
    )
    found: dict[int | None, set[int]] = {}
    for theme_id, seat_id in rows:
        found.setdefault(theme_id, set()).add(seat_id)
    return found


def candidate_structures(holder: Holder, facts: RoundFacts) -> dict[int | None, set[int]]:
    """Return, by theme, the structures of ``holder`` that have a candidacy in the round."""
    where = (
        Candidacy.round_id == facts.id
        if facts.region_code is not None
        else Candidacy.id.in_(select(NationalEntry.candidacy_id).where(NationalEntry.round_id == facts.id))
    )
    rows = db.session.execute(
        select(Candidacy.theme_id, Candidacy.structure_id).where(
            where,
            Candidacy.structure_id.in_(holder.structure_ids),
            Candidacy.state.in_(("submitted", "withdrawn")),
        )
    )
    found: dict[int | None, set[int]] = {}
    for theme_id, structure_id in rows:
        found.setdefault(theme_id, set()).add(structure_id)
    return found


def candidate_seats(round_id: int, *, is_national: bool) -> frozenset[tuple[int, int]]:
    """Return (seat, theme) where the seat's person is now a member of a candidate structure of the category."""
    rows = db.session.execute(
        select(Seat.id, Candidacy.theme_id)
        .select_from(Seat)
        .join(Membership, (Membership.account_id == Seat.account_id) & Membership.left_at.is_(None))
        .join(Candidacy, Candidacy.structure_id == Membership.structure_id)
        .where(
            Seat.round_id == round_id,
            Membership.accepted_at.is_not(None),
            *judged_by(round_id, is_national=is_national),
        )
        .distinct()
    )
    return frozenset((seat_id, theme_id) for seat_id, theme_id in rows if theme_id is not None)
