"""Who reads what in a round, for who composes its jury: files, seats, what is closed, what was given and why."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ScalarSelect, Select, func, literal, select, union_all

from awards_app.database import db
from awards_app.domain.assignment import Pair, Problem
from awards_app.domain.effort import Pace, minutes_of_file, pace_of
from awards_app.domain.holder import Holder
from awards_app.domain.permissions import Permission
from awards_app.models.assignments import Assignment, AssignmentPlan
from awards_app.models.candidacies import Answer, Attachment, Candidacy
from awards_app.models.editions import Edition, FormQuestion, Theme
from awards_app.models.honours import NationalEntry
from awards_app.models.juries import Interest, Seat
from awards_app.models.structures import Membership, Structure
from awards_app.queries.access import RoundFacts, open_round
from awards_app.queries.juries import judged_by


@dataclass(frozen=True, slots=True)
class FileToGive:
    """A file in the running; ``minutes`` is what it takes one person."""

    id: int
    key: str
    structure: str
    title: str
    theme_id: int
    minutes: int


@dataclass(frozen=True, slots=True)
class ReaderSeat:
    """A live, accepted seat that gives marks."""

    id: int
    key: str
    name: str
    function: str
    theme_id: int | None
    has_accepted: bool


@dataclass(frozen=True, slots=True)
class ThemeToGive:
    """A theme that has files."""

    id: int
    code: str
    name: str


@dataclass(frozen=True, slots=True)
class PlanLine:
    """The last working out of a theme."""

    key: str
    state: str
    readers: int
    most: int | None
    spread: int
    seed: str
    asked_at: datetime
    ended_at: datetime | None
    outcome: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Assignments:
    """All that who-reads-what rests on.

    ``given`` says by (file, seat) key whether by hand or computed; ``parted`` are the files that were given, be it to
    people who left since: the others are read by everybody. ``plans`` are the last ones by theme, ``asked`` the readers a
    file of the last one that was applied.
    """

    files: tuple[FileToGive, ...]
    seats: tuple[ReaderSeat, ...]
    themes: tuple[ThemeToGive, ...]
    closed: frozenset[Pair]
    given: Mapping[Pair, str]
    parted: frozenset[str]
    plans: Mapping[int, PlanLine]
    asked: Mapping[int, int]
    invited: int
    pace: Pace

    def files_of(self, theme_id: int) -> tuple[FileToGive, ...]:
        """Return the files of a theme."""
        return tuple(file for file in self.files if file.theme_id == theme_id)

    def seats_of(self, theme_id: int) -> tuple[ReaderSeat, ...]:
        """Return the seats that may read a theme."""
        return tuple(seat for seat in self.seats if seat.theme_id in (None, theme_id))

    def is_parted(self, theme_id: int) -> bool:
        """Say whether some files of a theme were given to some people only."""
        return any(file.key in self.parted for file in self.files_of(theme_id))

    def given_in(self, theme_id: int) -> frozenset[Pair]:
        """Return what was given in a theme, by file and seat."""
        own = {file.key for file in self.files_of(theme_id)}
        return frozenset(pair for pair in self.given if pair[0] in own)

    def problem(
        self,
        theme_id: int,
        *,
        readers: int,
        most: int | None,
        spread: int,
        seed: str,
        from_scratch: bool,
        only_given: bool,
    ) -> Problem:
        """Return the problem of a theme; ``only_given`` leaves out the files that everybody reads."""
        given = self.given_in(theme_id)
        files = tuple(
            file.key for file in self.files_of(theme_id) if not only_given or file.key in self.parted
        )
        seats = tuple(seat.key for seat in self.seats_of(theme_id))
        return Problem(
            files=files,
            jurors=seats,
            readers=readers,
            closed=frozenset(pair for pair in self.closed if pair[0] in set(files)),
            kept=frozenset() if from_scratch else given,
            most=most,
            spread=spread,
            seed=seed,
        )


def assignments_for(holder: Holder, round_key: str, now: datetime) -> tuple[RoundFacts, Assignments]:
    """Return who reads what to who composes the jury (PAN-1): five queries. Raises the matrix's refusal."""
    facts = open_round(holder, round_key, Permission.COMPOSE_JURY, now)
    return facts, read_assignments(facts.id, facts.edition_id, is_national=facts.region_code is None)


@dataclass(frozen=True, slots=True)
class ReadingLoad:
    """What a jury is about to be asked: files in the running, minutes one takes, whether they are parted already."""

    files: int
    minutes_a_file: int
    is_parted: bool


def reading_load(facts: RoundFacts) -> ReadingLoad:
    """Return what the files of a round take to read, for who invites (one query)."""
    signs, attachments = _signs(), _attachments()
    parted = (
        select(Assignment.id)
        .where(Assignment.round_id == facts.id, Assignment.ended_at.is_(None))
        .limit(1)
        .scalar_subquery()
    )
    files = (
        select(
            Candidacy.edition_id,
            func.coalesce(signs, 0).label("signs"),
            func.coalesce(attachments, 0).label("attachments"),
        )
        .where(*judged_by(facts.id, is_national=facts.region_code is None))
        .subquery()
    )
    row = db.session.execute(
        select(
            Edition.rules,
            func.count(files.c.edition_id).label("files"),
            func.coalesce(func.avg(files.c.signs), 0).label("signs"),
            func.coalesce(func.avg(files.c.attachments), 0).label("attachments"),
            parted.label("parted"),
        )
        .select_from(Edition)
        .outerjoin(files, files.c.edition_id == Edition.id)
        .where(Edition.id == facts.edition_id)
        .group_by(Edition.id)
    ).one()
    minutes = minutes_of_file(pace_of(row.rules), round(row.signs), round(row.attachments))
    return ReadingLoad(row.files, minutes, row.parted is not None)


def read_assignments(round_id: int, edition_id: int, *, is_national: bool) -> Assignments:
    """Return who reads what in a round, for its page and for the working out (four queries)."""
    rows = db.session.execute(_files(round_id, edition_id, is_national=is_national)).all()
    pace = pace_of(rows[0].rules if rows else {})
    files = tuple(
        FileToGive(
            row.id,
            row.key,
            row.structure,
            row.title,
            row.theme_id,
            minutes_of_file(pace, row.signs or 0, row.attachments or 0),
        )
        for row in rows
    )
    themes = {row.theme_id: ThemeToGive(row.theme_id, row.theme_code, row.theme_name) for row in rows}
    every_seat = tuple(ReaderSeat(*row) for row in db.session.execute(_seats(round_id)))
    seats = tuple(seat for seat in every_seat if seat.has_accepted)
    plans, asked = _plans(round_id)
    closed, given, parted = _pairs(round_id, files, seats, is_national=is_national)
    return Assignments(
        files=files,
        seats=seats,
        themes=tuple(themes.values()),
        closed=closed,
        given=given,
        parted=parted,
        plans=plans,
        asked=asked,
        invited=len(every_seat) - len(seats),
        pace=pace,
    )


def _files(round_id: int, edition_id: int, *, is_national: bool) -> Select[*tuple[Any, ...]]:
    return (
        select(
            Candidacy.id,
            Candidacy.key,
            Structure.name.label("structure"),
            Candidacy.title,
            Candidacy.theme_id,
            Theme.code.label("theme_code"),
            Theme.name.label("theme_name"),
            Edition.rules,
            _signs().label("signs"),
            _attachments().label("attachments"),
        )
        .select_from(Candidacy)
        .join(Structure, Structure.id == Candidacy.structure_id)
        .join(Theme, Theme.id == Candidacy.theme_id)
        .join(Edition, Edition.id == Theme.edition_id)
        .where(Theme.edition_id == edition_id, *judged_by(round_id, is_national=is_national))
        .order_by(Theme.position, Structure.sort_key, Candidacy.key)
    )


def _signs() -> ScalarSelect[Any]:
    """Return the signs of what a juror reads of a candidacy."""
    return (
        select(func.sum(func.length(Answer.value)))
        .select_from(Answer)
        .join(
            FormQuestion,
            (FormQuestion.edition_id == Candidacy.edition_id) & (FormQuestion.code == Answer.question_code),
        )
        .where(Answer.candidacy_id == Candidacy.id, FormQuestion.audience != "staff")
        .correlate(Candidacy)
        .scalar_subquery()
    )


def _attachments() -> ScalarSelect[Any]:
    return (
        select(func.count())
        .select_from(Attachment)
        .where(
            Attachment.candidacy_id == Candidacy.id,
            Attachment.deleted_at.is_(None),
            Attachment.audience != "staff",
        )
        .correlate(Candidacy)
        .scalar_subquery()
    )


def _seats(round_id: int) -> Select[*tuple[Any, ...]]:
    return (
        select(Seat.id, Seat.key, Seat.name, Seat.function, Seat.theme_id, Seat.accepted_at.is_not(None))
        .where(Seat.round_id == round_id, Seat.left_at.is_(None), Seat.function != "secretary")
        .order_by(Seat.function != "chair", func.lower(Seat.name), Seat.key)
    )


def _pairs(
    round_id: int, files: tuple[FileToGive, ...], seats: tuple[ReaderSeat, ...], *, is_national: bool
) -> tuple[frozenset[Pair], dict[Pair, str], frozenset[str]]:
    """Return what is closed, what was given and the files that were, by keys, in one query."""
    file_keys = {file.id: file.key for file in files}
    seat_keys = {seat.id: seat.key for seat in seats}
    by_theme: dict[int, list[str]] = {}
    for file in files:
        by_theme.setdefault(file.theme_id, []).append(file.key)
    closed: set[Pair] = set()
    given: dict[Pair, str] = {}
    parted: set[str] = set()
    for kind, seat_id, place, origin in db.session.execute(_all_pairs(round_id, is_national=is_national)):
        seat = seat_keys.get(seat_id)
        if kind == "given" and place in file_keys:
            parted.add(file_keys[place])
        if seat is None:
            continue
        if kind == "member":
            closed.update((file, seat) for file in by_theme.get(place, ()))
        elif place in file_keys and kind == "tie":
            closed.add((file_keys[place], seat))
        elif place in file_keys:
            given[file_keys[place], seat] = origin
    for seat_line in seats:
        for theme_id, keys in by_theme.items():
            if seat_line.theme_id not in (None, theme_id):
                closed.update((file, seat_line.key) for file in keys)
    return frozenset(closed), given, frozenset(parted)


def _all_pairs(round_id: int, *, is_national: bool) -> Any:
    ties = (
        select(literal("tie"), Interest.seat_id, Interest.candidacy_id, literal(""))
        .join(Seat, Seat.id == Interest.seat_id)
        .where(Seat.round_id == round_id, Interest.verdict != "none", Interest.replaced_at.is_(None))
    )
    own = Candidacy.round_id == round_id
    if is_national:
        own = Candidacy.id.in_(
            select(NationalEntry.candidacy_id).where(
                NationalEntry.round_id == round_id, NationalEntry.ended_at.is_(None)
            )
        )
    members = (
        select(literal("member"), Seat.id, Candidacy.theme_id, literal(""))
        .select_from(Seat)
        .join(Membership, (Membership.account_id == Seat.account_id) & Membership.left_at.is_(None))
        .join(Candidacy, Candidacy.structure_id == Membership.structure_id)
        .where(
            Seat.round_id == round_id,
            Membership.accepted_at.is_not(None),
            Candidacy.state == "submitted",
            own,
        )
    )
    given = select(literal("given"), Assignment.seat_id, Assignment.candidacy_id, Assignment.origin).where(
        Assignment.round_id == round_id, Assignment.ended_at.is_(None)
    )
    return union_all(ties, members, given)


def _plans(round_id: int) -> tuple[dict[int, PlanLine], dict[int, int]]:
    last = (
        select(func.max(AssignmentPlan.id))
        .where(AssignmentPlan.round_id == round_id)
        .group_by(AssignmentPlan.theme_id)
    )
    applied = last.where(AssignmentPlan.state == "done")
    rows = db.session.execute(
        select(
            AssignmentPlan.theme_id,
            AssignmentPlan.key,
            AssignmentPlan.state,
            AssignmentPlan.readers,
            AssignmentPlan.most,
            AssignmentPlan.spread,
            AssignmentPlan.seed,
            AssignmentPlan.asked_at,
            AssignmentPlan.ended_at,
            AssignmentPlan.outcome,
        )
        .where(AssignmentPlan.id.in_(last) | AssignmentPlan.id.in_(applied))
        .order_by(AssignmentPlan.id)
    ).all()
    plans = {row.theme_id: PlanLine(*row[1:]) for row in rows}
    return plans, {row.theme_id: row.readers for row in rows if row.state == "done"}
