"""The grid of a theme: its criteria, their weights and the scale of the levels."""

from collections.abc import Iterable
from dataclasses import dataclass

from awards_app.domain.refusals import Refusal
from awards_app.domain.words import N_

WEIGHTS_SUM = 100
CRITERIA_LIMIT = 40
LEVEL_LIMIT = 100


class GridIsInvalid(Refusal):
    """The grid cannot be used for scoring."""

    sentence = N_("La grille n’est pas utilisable.")
    status = 422


class GridIsEmpty(GridIsInvalid):
    """A grid has at least one criterion."""

    sentence = N_("La grille doit comporter au moins un critère.")


class GridIsTooLong(GridIsInvalid):
    """A grid has at most ``CRITERIA_LIMIT`` criteria."""

    sentence = N_("La grille comporte %(count)s critères ; le maximum est de %(limit)s.")


class CriterionIsRepeated(GridIsInvalid):
    """Two criteria have the same code, or one has none."""

    sentence = N_("Le code « %(code)s » doit être rempli et ne servir qu’à un seul critère.")


class WeightIsInvalid(GridIsInvalid):
    """A weight is not a whole number from 0 to 100."""

    sentence = N_(
        "La pondération du critère « %(code)s » doit être un nombre entier de 0 à 100 (reçu : %(weight)s)."
    )


class WeightsDoNotSumTo100(GridIsInvalid):
    """The weights of a grid sum to 100, exactly."""

    sentence = N_("La somme des pondérations doit être égale à 100 (elle est de %(total)s).")


class ScaleIsInvalid(GridIsInvalid):
    """The scale of the levels, or the figure results are shown out of, is not usable."""

    sentence = N_(
        "L’échelle doit aller de 0 à un niveau entier compris entre 1 et %(limit)s, "
        "et le résultat s’exprimer sur un nombre entier positif."
    )


@dataclass(frozen=True, slots=True)
class Criterion:
    """One criterion and its weight in hundredths of the score."""

    code: str
    weight: int


@dataclass(frozen=True, slots=True)
class Grid:
    """The criteria in the order people see, levels 0 to ``top_level``, results shown out of ``shown_out_of``."""

    criteria: tuple[Criterion, ...]
    top_level: int
    shown_out_of: int

    @property
    def codes(self) -> frozenset[str]:
        """The codes of the criteria."""
        return frozenset(criterion.code for criterion in self.criteria)

    @property
    def weights(self) -> dict[str, int]:
        """The weight of each criterion, by its code."""
        return {criterion.code: criterion.weight for criterion in self.criteria}


def is_whole(value: object) -> bool:
    """Tell whether ``value`` is a true integer; ``True`` and ``4.0`` are not."""
    return isinstance(value, int) and not isinstance(value, bool)


def check_grid(criteria: Iterable[Criterion], top_level: int, shown_out_of: int) -> Grid:
    """Return the grid, or raise the ``GridIsInvalid`` that names the first thing wrong with it."""
    listed = tuple(criteria)
    if not listed:
        raise GridIsEmpty()
    if len(listed) > CRITERIA_LIMIT:
        raise GridIsTooLong(count=len(listed), limit=CRITERIA_LIMIT)
    seen: set[str] = set()
    for criterion in listed:
        if not criterion.code.strip() or criterion.code in seen:
            raise CriterionIsRepeated(code=criterion.code)
        seen.add(criterion.code)
        if not is_whole(criterion.weight) or not 0 <= criterion.weight <= WEIGHTS_SUM:
            raise WeightIsInvalid(code=criterion.code, weight=criterion.weight)
    total = sum(criterion.weight for criterion in listed)
    if total != WEIGHTS_SUM:
        raise WeightsDoNotSumTo100(total=total)
    scale_is_usable = (
        is_whole(top_level) and 1 <= top_level <= LEVEL_LIMIT and is_whole(shown_out_of) and shown_out_of >= 1
    )
    if not scale_is_usable:
        raise ScaleIsInvalid(limit=LEVEL_LIMIT)
    return Grid(listed, top_level, shown_out_of)
