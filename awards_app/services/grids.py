"""The weights of a grid (SET-1): changed by the national staff while nothing was scored with them."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import select, update

from awards_app.database import atomic, db
from awards_app.domain.grid import Criterion as GridCriterion
from awards_app.domain.grid import GridIsInvalid, WeightsDoNotSumTo100, check_grid
from awards_app.domain.holder import Holder
from awards_app.domain.permissions import Permission, authorise
from awards_app.domain.phases import Phase, phase_at
from awards_app.domain.refusals import DoesNotExist, InputIsInvalid, Refusal
from awards_app.domain.words import N_
from awards_app.models.editions import Criterion, CriterionWeight, Edition, Round, Theme
from awards_app.models.scoring import Mark
from awards_app.queries.access import round_subjects
from awards_app.services.journal import write_entry

LEVELS = ("regional", "national")


class GridIsInUse(Refusal):
    """A score exists: what it was given under no longer changes."""

    sentence = N_("Des notes existent déjà : la grille ne change plus.")


class WeightsTotal(Refusal):
    """The weights of a theme do not sum to 100."""

    sentence = N_("Les poids totalisent %(total)s sur 100.")
    status = 422


class WeightsAreMissing(Refusal):
    """A criterion has no weight, or not a whole number."""

    sentence = N_("Donnez à chaque critère un poids entier, de 0 à 100.")
    status = 422


class GridDoesNotHold(InputIsInvalid):
    """The weights typed make no grid; ``faults`` says why by theme code."""

    def __init__(self, faults: Mapping[str, Refusal]) -> None:
        super().__init__({code: str(fault) for code, fault in faults.items()})
        self.faults = dict(faults)


def change_weights(
    holder: Holder,
    year: int,
    level: str,
    weights: Mapping[str, Mapping[str, int | None]],
    now: datetime,
) -> None:
    """Set the weights of a level's grid, by theme code then criterion code, all of them at once.

    Raises `GridDoesNotHold` (« les poids totalisent 95 sur 100 »), `GridIsInUse`, or the matrix's refusal; the phase that counts is the latest of the rounds that use the grid.
    """
    with atomic() as session:
        edition = session.scalar(select(Edition).where(Edition.year == year))
        if edition is None or level not in LEVELS:
            raise DoesNotExist
        rounds = _rounds_of(edition.id)
        national = next(row for row in rounds if row.region_code is None)
        subjects = round_subjects(holder, national.id, None)
        authorise(Permission.CHANGE_GRID, _latest_phase(rounds, level, now), subjects)
        criteria = session.execute(
            select(Criterion.id, Criterion.code).where(
                Criterion.edition_id == edition.id, Criterion.level == level
            )
        ).all()
        if session.scalar(
            select(Mark.scoresheet_id).where(Mark.criterion_id.in_([row.id for row in criteria])).limit(1)
        ):
            raise GridIsInUse
        themes = session.execute(
            select(Theme.id, Theme.code).where(Theme.edition_id == edition.id).order_by(Theme.position)
        ).all()
        known = {row.code for row in criteria}
        before = _before(criteria, themes)
        settings: Any = edition.rules["grids"]
        faults = {
            theme.code: fault
            for theme in themes
            if (fault := _fault(settings[level], weights.get(theme.code, {}), known)) is not None
        }
        if faults:
            raise GridDoesNotHold(faults)
        _store(criteria, themes, weights)
        write_entry(
            holder,
            "change_grid",
            "edition",
            edition.key,
            now,
            detail={
                "level": level,
                "before": before,
                "after": {code: dict(line) for code, line in weights.items()},
            },
        )


def _store(criteria: Any, themes: Any, weights: Mapping[str, Mapping[str, int | None]]) -> None:
    for theme in themes:
        for criterion in criteria:
            db.session.execute(
                update(CriterionWeight)
                .where(CriterionWeight.criterion_id == criterion.id, CriterionWeight.theme_id == theme.id)
                .values(weight=weights[theme.code][criterion.code])
            )


def _rounds_of(edition_id: int) -> list[Any]:
    return list(
        db.session.execute(
            select(
                Round.id, Round.region_code, Round.phase, Round.opens_at, Round.closes_at, Round.takes_part
            ).where(Round.edition_id == edition_id)
        )
    )


def _latest_phase(rounds: list[Any], level: str, now: datetime) -> Phase:
    concerned = [
        row for row in rounds if (row.region_code is None) == (level == "national") and row.takes_part
    ]
    phases = [phase_at(Phase(row.phase), now, row.opens_at, row.closes_at) for row in concerned]
    return max(phases, default=Phase.PREPARATION, key=lambda phase: phase.value)


def _before(criteria: Any, themes: Any) -> dict[str, dict[str, int]]:
    codes = {row.id: row.code for row in criteria}
    names = {row.id: row.code for row in themes}
    found: dict[str, dict[str, int]] = {name: {} for name in names.values()}
    for row in db.session.execute(
        select(CriterionWeight.criterion_id, CriterionWeight.theme_id, CriterionWeight.weight).where(
            CriterionWeight.criterion_id.in_(codes)
        )
    ):
        found[names[row.theme_id]][codes[row.criterion_id]] = row.weight
    return found


def _fault(settings: Mapping[str, int], given: Mapping[str, int | None], known: set[str]) -> Refusal | None:
    whole = {code: weight for code, weight in given.items() if weight is not None}
    if set(whole) != known:
        return WeightsAreMissing()
    try:
        check_grid(
            (GridCriterion(code, weight) for code, weight in whole.items()),
            settings["top_level"],
            settings["shown_out_of"],
        )
    except WeightsDoNotSumTo100 as refusal:
        return WeightsTotal(**refusal.values)
    except GridIsInvalid as refusal:
        return refusal
    return None
