"""What anybody may know of an edition in progress: when its calls open and close, and what has been announced.

A phase never leaves this module: between the closing and the announcement the public is told one thing only.
"""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from awards_app.database import db
from awards_app.domain.phases import Phase
from awards_app.models.editions import Criterion, CriterionWeight
from awards_app.queries.editions import RoundLine, rounds_of

ANNOUNCED = (Phase.PUBLISHED, Phase.ARCHIVED)


@dataclass(frozen=True, slots=True)
class PublicCall:
    """A round as the public knows it; ``state`` is coming, open, closed, announced or absent (takes no part)."""

    region_code: str | None
    region_name: str
    region_slug: str
    chamber: str
    zone: str
    state: str
    opens_at: datetime | None
    closes_at: datetime | None
    announced_at: datetime | None


@dataclass(frozen=True, slots=True)
class PublicCalls:
    """The calls of an edition: the national round, then the regions in order."""

    national: PublicCall | None
    regions: tuple[PublicCall, ...]

    @property
    def state(self) -> str:
        """Say how the edition stands for the public, in one word of `PublicCall.state`."""
        if self.national is not None and self.national.state == "announced":
            return "announced"
        states = {call.state for call in self.regions}
        return next((state for state in ("open", "coming", "closed") if state in states), "closed")

    def of_region(self, region_code: str) -> PublicCall | None:
        """Return the call of a region, or None."""
        return next((call for call in self.regions if call.region_code == region_code), None)


@dataclass(frozen=True, slots=True)
class WeightLine:
    """A criterion of the regional grid with its weight in each theme, by the theme's code."""

    name: str
    question: str
    weights: dict[int, int]


def public_calls(edition_id: int, now: datetime) -> PublicCalls:
    """Return what the public knows of the rounds of an edition at ``now`` (one query)."""
    calls = [public_call(line) for line in rounds_of(edition_id, now)]
    return PublicCalls(
        national=next((call for call in calls if call.region_code is None), None),
        regions=tuple(call for call in calls if call.region_code is not None),
    )


def public_call(line: RoundLine) -> PublicCall:
    """Return what the public knows of a round."""
    announced = line.phase in ANNOUNCED
    return PublicCall(
        region_code=line.region_code,
        region_name=line.region_name,
        region_slug=line.region_slug,
        chamber=line.chamber,
        zone=line.zone,
        state=_state(line, announced),
        opens_at=line.opens_at,
        closes_at=line.closes_at,
        announced_at=line.published_at if announced and line.published_at else line.embargo_at,
    )


def _state(line: RoundLine, announced: bool) -> str:
    if not line.takes_part:
        return "absent"
    if announced:
        return "announced"
    return {Phase.PREPARATION: "coming", Phase.FILING: "open"}.get(line.phase, "closed")


def published_weights(edition_id: int) -> tuple[WeightLine, ...]:
    """Return the regional grid as it is published: criteria in order with their weight by theme identifier."""
    rows = db.session.execute(
        select(
            Criterion.id, Criterion.name, Criterion.question, CriterionWeight.theme_id, CriterionWeight.weight
        )
        .join(CriterionWeight, CriterionWeight.criterion_id == Criterion.id)
        .where(Criterion.edition_id == edition_id, Criterion.level == "regional")
        .order_by(Criterion.position)
    )
    lines: dict[int, WeightLine] = {}
    for row in rows:
        line = lines.setdefault(row.id, WeightLine(row.name, row.question, {}))
        line.weights[row.theme_id] = row.weight
    return tuple(lines.values())
