"""The data files of the demonstration, read once: archetypes, sentence banks, places."""

import csv
import tomllib
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

OVERSEAS = frozenset({"01", "02", "03", "04", "06"})
INLAND = frozenset({"11", "24", "27", "44", "84"})


@dataclass(frozen=True, slots=True)
class Place:
    """A real commune where an invented structure may live."""

    region_code: str
    department_code: str
    postal_code: str
    city: str


@dataclass(frozen=True, slots=True)
class Archetype:
    """An invented initiative with blanks to fill, in one theme (`us` or `te`)."""

    code: str
    theme: str
    families: tuple[str, ...]
    names: tuple[str, ...]
    titles: tuple[str, ...]
    pitch: tuple[str, ...]
    need: tuple[str, ...]
    action: tuple[str, ...]
    public: str
    n: tuple[int, int]
    m: tuple[int, int]
    results: tuple[str, ...]
    other: tuple[str, ...]
    partners: tuple[str, ...]
    resources: tuple[str, ...]
    novelty: tuple[str, ...]
    employees: tuple[int, int] = (2, 14)
    place: str = ""

    def suits(self, region_code: str) -> bool:
        """Whether the initiative makes sense in that region (a shore, an overseas garden…)."""
        if self.place == "overseas":
            return region_code in OVERSEAS
        if self.place == "mainland":
            return region_code not in OVERSEAS and region_code != "11"
        if self.place == "rural":
            return region_code != "11"
        return self.place != "coast" or region_code not in INLAND


@cache
def archetypes(theme: str) -> tuple[Archetype, ...]:
    """The archetypes of a theme, in the order of the file."""
    rows = _toml(f"archetypes_{theme}.toml")["archetypes"]
    return tuple(
        Archetype(theme=theme, **{key: _frozen(value) for key, value in row.items()}) for row in rows
    )


@cache
def places(region_code: str) -> tuple[Place, ...]:
    """The communes of a region, some large and some small."""
    text = (files(__package__) / "places.csv").read_text(encoding="utf-8")
    rows = [Place(**row) for row in csv.DictReader(text.splitlines())]
    return tuple(place for place in rows if place.region_code == region_code)


@cache
def common() -> dict[str, Any]:
    """The sentences shared by all archetypes, by question."""
    return _toml("common.toml")


@cache
def comment_bank() -> dict[str, dict[str, list[str]]]:
    """The comments of jurors, by criterion then by `low`, `middle`, `high`."""
    return _toml("comments.toml")


@cache
def people_bank() -> dict[str, Any]:
    """First names, family names, colleges and functions."""
    return _toml("people.toml")


def _toml(name: str) -> dict[str, Any]:
    return tomllib.loads((files(__package__) / name).read_text(encoding="utf-8"))


def _frozen(value: Any) -> Any:
    return tuple(value) if isinstance(value, list) else value
