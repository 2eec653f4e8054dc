"""What the people who coordinate see of rounds: where each stands and what waits there. Counts only, never a mark."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, and_, case, func, literal, or_, select, union_all

from awards_app.database import db
from awards_app.domain.coordination import RoundCounts
from awards_app.domain.holder import Holder
from awards_app.domain.phases import Phase, phase_at
from awards_app.domain.refusals import DoesNotExist
from awards_app.models.admissibility import CompletionMessage, CompletionRequest, RegionTransfer
from awards_app.models.candidacies import AdmissibilityDecision, Candidacy
from awards_app.models.certificates import Certificate
from awards_app.models.deliberations import Decision
from awards_app.models.editions import Edition, Region, Round
from awards_app.models.honours import NationalEntry
from awards_app.models.juries import Interest, Seat
from awards_app.models.messages import Message
from awards_app.models.scoring import Scoresheet
from awards_app.queries.called import is_called

_CALL = (Phase.FILING, Phase.ADMISSIBILITY)


@dataclass(frozen=True, slots=True)
class StaffRound:
    """A round as staff see it in a list; ``region_name`` is empty for the national one."""

    id: int
    key: str
    edition_id: int
    year: int
    edition_name: str
    region_code: str | None
    region_name: str
    region_located: str
    chamber: str
    zone: str
    phase: Phase
    takes_part: bool
    opens_at: datetime | None
    closes_at: datetime | None
    closes_local: str | None
    scoring_closes_at: datetime | None
    embargo_at: datetime | None
    armed: bool
    published_at: datetime | None
    minimum_readers: int
    counts: RoundCounts

    @property
    def is_national(self) -> bool:
        """Say whether it is the national round."""
        return self.region_code is None


def rounds_in_scope(holder: Holder, now: datetime) -> tuple[StaffRound, ...]:
    """Return the rounds of the current edition that ``holder`` coordinates or may read, with their counts.

    Five queries however many rounds. Raises `DoesNotExist` for a person without any such role.
    """
    latest = select(func.max(Edition.year)).where(Edition.is_current.is_(True)).scalar_subquery()
    return _with_counts(holder, _rounds(_in_scope(holder), now, Edition.year == latest))


def rounds_of_year(holder: Holder, year: int, now: datetime) -> tuple[StaffRound, ...]:
    """Return the rounds of one edition in the holder's scope, with their counts. Raises `DoesNotExist`."""
    found = _with_counts(holder, _rounds(_in_scope(holder), now, Edition.year == year))
    if not found:
        raise DoesNotExist
    return found


def staff_round(holder: Holder, key: str, now: datetime) -> StaffRound:
    """Return one round of the holder's scope with its counts. Raises `DoesNotExist`."""
    found = _with_counts(holder, _rounds(_in_scope(holder), now, Round.key == key))
    if not found:
        raise DoesNotExist
    return found[0]


def _in_scope(holder: Holder) -> list[ColumnElement[bool]]:
    if holder.is_national_staff or holder.is_auditor:
        return []
    if not holder.coordinated_regions:
        raise DoesNotExist
    return [Round.region_code.in_(holder.coordinated_regions)]


def _rounds(
    scope: list[ColumnElement[bool]], now: datetime, condition: ColumnElement[bool]
) -> list[StaffRound]:
    rows = db.session.execute(
        select(
            Round.id,
            Round.key,
            Round.edition_id,
            Round.region_code,
            Round.zone,
            Round.phase,
            Round.takes_part,
            Round.opens_at,
            Round.closes_at,
            Round.closes_local,
            Round.scoring_closes_at,
            Round.embargo_at,
            Round.publication_armed_at,
            Round.published_at,
            Edition.year,
            Edition.name.label("edition_name"),
            Edition.rules,
            Region.name.label("region_name"),
            Region.located,
            Region.chamber,
        )
        .join(Edition, Edition.id == Round.edition_id)
        .outerjoin(Region, Region.code == Round.region_code)
        .where(condition, *scope)
        .order_by(Round.region_code.is_not(None), Region.position)
    )
    return [_staff_round(row, now) for row in rows]


def _staff_round(row: Any, now: datetime) -> StaffRound:
    return StaffRound(
        id=row.id,
        key=row.key,
        edition_id=row.edition_id,
        year=row.year,
        edition_name=row.edition_name,
        region_code=row.region_code,
        region_name=row.region_name or "",
        region_located=row.located or "",
        chamber=row.chamber or "",
        zone=row.zone,
        phase=phase_at(Phase(row.phase), now, row.opens_at, row.closes_at),
        takes_part=row.takes_part,
        opens_at=row.opens_at,
        closes_at=row.closes_at,
        closes_local=row.closes_local,
        scoring_closes_at=row.scoring_closes_at,
        embargo_at=row.embargo_at,
        armed=row.publication_armed_at is not None,
        published_at=row.published_at,
        minimum_readers=int(row.rules.get("minimum_readers", 3)),
        counts=RoundCounts(),
    )


def _with_counts(holder: Holder, rounds: list[StaffRound]) -> tuple[StaffRound, ...]:
    """Add the counts that the holder may know: the auditor acts on nothing and is shown none that lead to an act."""
    ids = [line.id for line in rounds]
    if not ids or not (holder.is_national_staff or holder.coordinated_regions):
        return tuple(rounds)
    found: dict[int, dict[str, int]] = {line.id: {} for line in rounds}
    for rows in (
        db.session.execute(_candidacy_counts(ids)),
        db.session.execute(_seat_counts(ids)),
    ):
        for row in rows:
            values = dict(row._mapping)
            found[values.pop("round_id")].update({name: int(value or 0) for name, value in values.items()})
    thin = db.session.execute(_readers_by_file(ids)).all()
    minimum = {line.id: line.minimum_readers for line in rounds}
    for round_id in ids:
        found[round_id]["thin_files"] = sum(
            row.round_id == round_id and row.readers < minimum[round_id] for row in thin
        )
    for row in db.session.execute(_single_counts(ids)):
        found[row.round_id][row.name] = int(row.number)
    return tuple(replace(line, counts=_known(line, found[line.id])) for line in rounds)


def _known(line: StaffRound, values: dict[str, int]) -> RoundCounts:
    counts = RoundCounts(**values)
    return counts if line.phase in _CALL else replace(counts, drafts=0)


def _candidacy_counts(ids: list[int]) -> Any:
    submitted = Candidacy.state == "submitted"

    def number(condition: ColumnElement[bool]) -> Any:
        return func.sum(case((condition, 1), else_=0))

    return (
        select(
            Candidacy.round_id,
            number(Candidacy.state == "draft").label("drafts"),
            number(submitted).label("submitted"),
            number(and_(submitted, AdmissibilityDecision.id.is_(None))).label("undecided"),
            number(and_(submitted, AdmissibilityDecision.verdict == "admissible")).label("admissible"),
        )
        .outerjoin(
            AdmissibilityDecision,
            (AdmissibilityDecision.candidacy_id == Candidacy.id)
            & AdmissibilityDecision.replaced_at.is_(None),
        )
        .where(Candidacy.round_id.in_(ids), Candidacy.state.in_(("draft", "submitted")))
        .group_by(Candidacy.round_id)
    )


def _seat_counts(ids: list[int]) -> Any:
    begun = select(Scoresheet.id).where(Scoresheet.seat_id == Seat.id).exists()
    joined = Seat.accepted_at.is_not(None)

    def number(condition: ColumnElement[bool]) -> Any:
        return func.sum(case((condition, 1), else_=0))

    return (
        select(
            Seat.round_id,
            number(joined).label("seats"),
            number(~joined).label("absent_jurors"),
            number(and_(joined, Seat.finished_at.is_(None), ~begun)).label("silent_jurors"),
            number(Seat.finished_at.is_not(None)).label("finished_jurors"),
        )
        .where(Seat.round_id.in_(ids), Seat.left_at.is_(None), Seat.function != "secretary")
        .group_by(Seat.round_id)
    )


def _readers_by_file(ids: list[int]) -> Any:
    """How many may read each file: seats of its theme, less those that stand aside."""
    recused = (
        select(Interest.id)
        .where(
            Interest.seat_id == Seat.id,
            Interest.candidacy_id == Candidacy.id,
            Interest.verdict != "none",
            Interest.replaced_at.is_(None),
        )
        .exists()
    )
    return (
        select(Candidacy.round_id, func.count(Seat.id).label("readers"))
        .join(
            AdmissibilityDecision,
            (AdmissibilityDecision.candidacy_id == Candidacy.id)
            & AdmissibilityDecision.replaced_at.is_(None)
            & (AdmissibilityDecision.verdict == "admissible"),
        )
        .outerjoin(
            Seat,
            (Seat.round_id == Candidacy.round_id)
            & Seat.left_at.is_(None)
            & (Seat.function != "secretary")
            & or_(Seat.theme_id.is_(None), Seat.theme_id == Candidacy.theme_id)
            & is_called(Seat.id, Candidacy.id, Candidacy.round_id)
            & ~recused,
        )
        .where(Candidacy.round_id.in_(ids), Candidacy.state == "submitted")
        .group_by(Candidacy.id, Candidacy.round_id)
    )


def _single_counts(ids: list[int]) -> Any:
    def counted(name: str, column: Any, *conditions: ColumnElement[bool]) -> Any:
        return (
            select(literal(name).label("name"), column.label("round_id"), func.count().label("number"))
            .where(column.in_(ids), *conditions)
            .group_by(column)
        )

    unsure = (
        select(
            literal("unsure_interests").label("name"),
            Seat.round_id.label("round_id"),
            func.count().label("number"),
        )
        .select_from(Interest)
        .join(Seat, Seat.id == Interest.seat_id)
        .where(
            Seat.round_id.in_(ids),
            Seat.left_at.is_(None),
            Interest.verdict == "unsure",
            Interest.replaced_at.is_(None),
        )
        .group_by(Seat.round_id)
    )
    parts: Iterable[Any] = (
        unsure,
        _answered_completions(ids),
        _threads(ids),
        counted("transfers_in", RegionTransfer.to_round_id, RegionTransfer.state == "asked"),
        counted("transfers_out", RegionTransfer.from_round_id, RegionTransfer.state == "asked"),
        counted("held_messages", Message.round_id, Message.state == "held"),
        counted("failed_messages", Message.round_id, Message.state == "failed"),
        counted("failed_certificates", Certificate.round_id, Certificate.state == "failed"),
        counted("certificates", Certificate.round_id, Certificate.state != "revoked"),
        counted(
            "proposals", Decision.round_id, Decision.confirmed_at.is_(None), Decision.annulled_at.is_(None)
        ),
        counted("entries", NationalEntry.round_id, NationalEntry.ended_at.is_(None)),
    )
    return union_all(*parts)


def _answered_completions(ids: list[int]) -> Any:
    """Answers to requests that came after the decision that stands, or before any."""
    return (
        select(
            literal("answered_completions").label("name"),
            Candidacy.round_id.label("round_id"),
            func.count().label("number"),
        )
        .select_from(CompletionRequest)
        .join(Candidacy, Candidacy.id == CompletionRequest.candidacy_id)
        .outerjoin(
            AdmissibilityDecision,
            (AdmissibilityDecision.candidacy_id == Candidacy.id)
            & AdmissibilityDecision.replaced_at.is_(None),
        )
        .where(
            Candidacy.round_id.in_(ids),
            Candidacy.state == "submitted",
            CompletionRequest.state == "answered",
            or_(
                AdmissibilityDecision.id.is_(None),
                AdmissibilityDecision.decided_at < CompletionRequest.settled_at,
            ),
        )
        .group_by(Candidacy.round_id)
    )


def _threads(ids: list[int]) -> Any:
    """Threads of requests whose last message is the structure's."""
    last = select(func.max(CompletionMessage.id)).group_by(CompletionMessage.request_id)
    return (
        select(
            literal("threads").label("name"),
            Candidacy.round_id.label("round_id"),
            func.count().label("number"),
        )
        .select_from(CompletionMessage)
        .join(CompletionRequest, CompletionRequest.id == CompletionMessage.request_id)
        .join(Candidacy, Candidacy.id == CompletionRequest.candidacy_id)
        .where(
            Candidacy.round_id.in_(ids),
            Candidacy.state == "submitted",
            CompletionMessage.id.in_(last),
            CompletionMessage.side == "structure",
        )
        .group_by(Candidacy.round_id)
    )
