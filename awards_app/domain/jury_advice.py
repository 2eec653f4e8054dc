"""What the estimates let one say in plain words: who may be first, whether the marks tell, what to beware of."""

from collections.abc import Iterable, Mapping, Sequence
from itertools import combinations

from awards_app.domain.agreement import Metric, krippendorff
from awards_app.domain.estimated import Contest, Disagreement, Estimate, Estimates, Key, Lead

FEW_READERS = 4
SURE = 0.95
LIKELY = 0.80
# A file stays in contention while it has at least this chance of a place.
CONTENDS = 0.05


def contest_of(found: Estimates) -> Contest | None:
    """Return what the estimates say of the first places; None where they say nothing."""
    if not found.files:
        return None
    by_first = sorted(found.files, key=lambda line: -line.first)
    by_place = sorted(found.files, key=lambda line: (-line.among, -line.value))
    best = by_first[0].first
    lead = Lead.CLEAR if best >= SURE else Lead.LIKELY if best >= LIKELY else Lead.OPEN
    return Contest(
        lead=lead,
        rivals=_smallest_set(by_first),
        safe=tuple(line.file for line in by_place if line.among >= SURE),
        disputed=tuple(line.file for line in by_place if CONTENDS <= line.among < SURE),
        few=tuple(line.file for line in found.files if line.readers < FEW_READERS),
    )


def _smallest_set(by_first: Sequence[Estimate]) -> tuple[Key, ...]:
    chosen: list[Key] = []
    upto = 0.0
    for line in by_first:
        chosen.append(line.file)
        upto += line.first
        if upto >= SURE:
            break
    return tuple(chosen)


def disagreements(
    levels: Mapping[Key, Sequence[Mapping[str, int | None]]], criteria: Iterable[str], fewest: int = 2
) -> tuple[Disagreement, ...]:
    """Return how the jury disagrees on each criterion, from the sheets that count, by file.

    Files under ``fewest`` readings (two at least) are left out. Empty when none is left.
    """
    read = {file: sheets for file, sheets in levels.items() if len(sheets) >= max(fewest, 2)}
    if not read:
        return ()
    found = []
    for code in criteria:
        units = {
            file: [level for sheet in sheets if (level := sheet.get(code)) is not None]
            for file, sheets in read.items()
        }
        gaps = {file: gap for file, unit in units.items() if (gap := mean_gap(unit)) is not None}
        widest = max(gaps, key=lambda file: gaps[file], default=None)
        found.append(
            Disagreement(
                criterion=code,
                alpha=krippendorff(list(units.values()), Metric.ORDINAL),
                gap=sum(gaps.values()) / len(gaps) if gaps else 0.0,
                widest=widest if widest is not None and gaps[widest] > 0 else None,
                files=len(gaps),
            )
        )
    return tuple(found)


def mean_gap(values: Sequence[int]) -> float | None:
    """Return the mean gap between two of the values; None for fewer than two."""
    pairs = list(combinations(values, 2))
    return sum(abs(one - other) for one, other in pairs) / len(pairs) if pairs else None
