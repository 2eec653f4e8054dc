"""How exact scores are put in words for people: the only place where they are rounded."""

from collections.abc import Iterable
from fractions import Fraction

from awards_app.domain.grid import Grid
from awards_app.domain.ranking import Ballot, Key, sheets_by_file, weighted_total

DIGITS = 2
DISTRIBUTION_READERS = 3


def shown_value(score: Fraction, grid: Grid) -> Fraction:
    """Turn a score on the scale of the levels into the figure the grid shows, still exact."""
    return score * grid.shown_out_of / grid.top_level


def show(score: Fraction, grid: Grid, digits: int = DIGITS) -> str:
    """Write one score with ``digits`` decimals after a French comma, halves up."""
    return _written(_in_steps(shown_value(score, grid), digits), digits)


def show_all(scores: Iterable[Fraction | None], grid: Grid) -> tuple[str | None, ...]:
    """Write the scores of a list so that two unequal ones never look equal.

    Those that would look equal get one more digit, until they differ; ``None`` stays ``None``.
    """
    listed = tuple(scores)
    digits = {score: DIGITS for score in listed if score is not None}
    while crowded := _crowded(digits, grid):
        for score in crowded:
            digits[score] += 1
    return tuple(None if score is None else show(score, grid, digits[score]) for score in listed)


def _crowded(digits: dict[Fraction, int], grid: Grid) -> list[Fraction]:
    looks: dict[Fraction, list[Fraction]] = {}
    for score, count in digits.items():
        look = Fraction(_in_steps(shown_value(score, grid), count), 10**count)
        looks.setdefault(look, []).append(score)
    return [score for alike in looks.values() if len(alike) > 1 for score in alike]


def _in_steps(value: Fraction, digits: int) -> int:
    return (value * 10**digits + Fraction(1, 2)).__floor__()


def _written(steps: int, digits: int) -> str:
    whole, rest = divmod(steps, 10**digits)
    return f"{whole},{rest:0{digits}d}"


def distribution(ballot: Ballot, candidacy: Key) -> dict[str, tuple[int, ...]] | None:
    """Count, by criterion, the jurors who gave each level 0 to the top, without saying who.

    ``None`` under three readers, where a juror could work out what another gave.
    """
    counted = [
        sheet
        for juror, sheet in sheets_by_file(ballot)[candidacy].items()
        if not (sheet.recused or sheet.set_aside or (juror, candidacy) in ballot.waivers)
        and weighted_total(ballot.grid, sheet.levels) is not None
    ]
    if len(counted) < DISTRIBUTION_READERS:
        return None
    return {
        criterion.code: tuple(
            sum(sheet.levels[criterion.code] == level for sheet in counted)
            for level in range(ballot.grid.top_level + 1)
        )
        for criterion in ballot.grid.criteria
    }
