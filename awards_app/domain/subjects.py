"""Which subjects of the permission matrix a person is, relative to one object."""

from dataclasses import dataclass, field

from awards_app.domain.holder import HeldSeat, Holder
from awards_app.domain.permissions import Subject


@dataclass(frozen=True, slots=True)
class Place:
    """Where an object stands: its round, theme, structure, and what bears on rights there.

    ``recused_seats`` are the seats that stand aside from the object (one candidacy, or any candidacy of a category);
    ``candidate_structures`` are the structures that have a candidacy in the category. ``national_round_id`` is the
    national round that received the candidacy, once it scores.
    """

    round_id: int
    region_code: str | None
    theme_id: int | None = None
    structure_id: int | None = None
    recused_seats: frozenset[int] = frozenset()
    candidate_structures: frozenset[int] = field(default_factory=frozenset)
    chair_is_recused: bool = False
    national_round_id: int | None = None

    @property
    def is_national(self) -> bool:
        """Say whether the round is the national one."""
        return self.region_code is None


def subjects_of(holder: Holder | None, place: Place) -> frozenset[Subject]:
    """Return every subject that ``holder`` is, relative to ``place``.

    A denial beats a grant: a juror who stands aside, or who is a member of a candidate structure, is only recused.
    """
    if holder is None:
        return frozenset({Subject.PUBLIC})
    found = _as_member(holder, place) | _as_staff(holder, place) | _as_juror(holder, place)
    return frozenset(found or {Subject.OTHER_STRUCTURE})


def _as_member(holder: Holder, place: Place) -> set[Subject]:
    found = set()
    for membership in holder.memberships:
        if place.structure_id is not None and membership.structure_id == place.structure_id:
            found.add(Subject.RESPONSIBLE if membership.is_responsible else Subject.MEMBER)
        else:
            found.add(Subject.OTHER_STRUCTURE)
    return found


def _as_staff(holder: Holder, place: Place) -> set[Subject]:
    found = set()
    for code in holder.coordinated_regions:
        same = code == place.region_code
        found.add(Subject.COORDINATOR if same else Subject.OTHER_COORDINATOR)
    if holder.is_national_staff:
        found.add(Subject.NATIONAL_STAFF)
        if place.is_national:
            found.add(Subject.COORDINATOR)
    if holder.is_auditor:
        found.add(Subject.AUDITOR)
    return found


def _as_juror(holder: Holder, place: Place) -> set[Subject]:
    if not holder.seats:
        return set()
    is_candidate = bool(place.candidate_structures & set(holder.structure_ids))
    found = {_subject_of_seat(seat, place, is_candidate) for seat in holder.seats}
    denials = {Subject.RECUSED_JUROR, Subject.RECUSED_NATIONAL_JUROR} & found
    if denials:
        found -= {Subject.JUROR, Subject.CHAIR, Subject.NATIONAL_JUROR, Subject.NATIONAL_CHAIR}
    return found


def _subject_of_seat(seat: HeldSeat, place: Place, is_candidate: bool) -> Subject:
    fits_theme = seat.theme_id is None or place.theme_id is None or seat.theme_id == place.theme_id
    stands_aside = is_candidate or seat.id in place.recused_seats
    if seat.round_id == place.round_id and fits_theme:
        if stands_aside:
            return Subject.RECUSED_JUROR
        leads = seat.function == "chair" or (seat.function == "deputy" and place.chair_is_recused)
        return Subject.CHAIR if leads else Subject.JUROR
    if seat.round_id == place.national_round_id and fits_theme:
        if stands_aside:
            return Subject.RECUSED_NATIONAL_JUROR
        return Subject.NATIONAL_CHAIR if seat.function == "chair" else Subject.NATIONAL_JUROR
    return Subject.OTHER_JUROR
