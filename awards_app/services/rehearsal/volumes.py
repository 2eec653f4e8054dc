"""The volumes of a past edition, for a rehearsal of that size: invented candidacies, as many, in as many regions."""

import csv
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from random import Random

from awards_app.demonstration.names import REGION_SHARES, generated_structures
from awards_app.domain.refusals import Refusal
from awards_app.domain.words import N_
from awards_app.paths import PACKAGE

COLUMNS = ("organisation", "theme", "region_code", "project_title")
THEMES = {"te": "Transition écologique", "us": "Utilité sociale"}
FEWEST = 4
# The region of this place sees its entry withdrawn: it sends one in each theme.
WITHDRAWS = 1


class VolumesAreUnknown(Refusal):
    """Nothing says how many candidacies, or how many to the national jury, there were that year."""

    sentence = N_("Les volumes de l’édition %(year)s ne sont pas connus.")


@dataclass(frozen=True, slots=True)
class Volumes:
    """How many files, in which regions, and how many of each theme the regions send up."""

    files: int
    regions: tuple[str, ...]
    entries: dict[str, int]

    def without_entry(self) -> dict[int, str]:
        """Return, by place of a region, the theme in which it sends nobody up; one theme a region at most."""
        free = [place for place in range(len(self.regions)) if place != WITHDRAWS]
        found: dict[int, str] = {}
        for theme, wanted in sorted(self.entries.items()):
            for _passed in range(len(self.regions) - wanted):
                found[free.pop()] = theme
        return found


def volumes_of(year: int) -> Volumes:
    """Return the volumes of a past edition as found in public sources. Raises `VolumesAreUnknown`."""
    with (PACKAGE / "data" / "editions.csv").open(encoding="utf-8", newline="") as file:
        line = next((one for one in csv.DictReader(file) if one["edition_year"] == str(year)), None)
    if line is None or not line["candidacies"] or not line["national_entries"]:
        raise VolumesAreUnknown(year=year)
    entries = int(line["national_entries"])
    return Volumes(
        int(line["candidacies"]), tuple(REGION_SHARES), {"te": entries // 2, "us": entries - entries // 2}
    )


def write_table(volumes: Volumes, year: int, seed: str, path: Path) -> None:
    """Write a table of invented candidacies of these volumes; the same seed writes the same bytes."""
    rng = Random(f"volumes:{seed}")
    names: set[str] = set()
    lines = []
    for region, count in zip(volumes.regions, _shared(volumes), strict=True):
        for theme, part in (("te", count // 2), ("us", count - count // 2)):
            made = generated_structures(
                rng, part, year=year, region_codes=[region], theme=theme, known_names=names
            )
            names |= {one.name for one in made}
            lines += [(one.name, THEMES[theme], region, f"Le projet de {one.name}") for one in made]
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, delimiter=";", lineterminator="\n")
        writer.writerows([COLUMNS, *lines])


def _shared(volumes: Volumes) -> Sequence[int]:
    """Share the files among the regions by their usual size, a few to each at least."""
    shares = [REGION_SHARES[code] for code in volumes.regions]
    left, whole = volumes.files - FEWEST * len(shares), sum(shares)
    counts = [FEWEST + left * share // whole for share in shares]
    largest = sorted(range(len(shares)), key=lambda place: -shares[place])
    for place in range(volumes.files - sum(counts)):
        counts[largest[place % len(largest)]] += 1
    return counts
