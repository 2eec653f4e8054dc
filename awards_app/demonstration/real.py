"""The real organisations of the past honours. What the source lacks stays empty: nothing is invented."""

import csv
from dataclasses import dataclass
from importlib.resources import files
from types import MappingProxyType

from awards_app.demonstration.texts import NARRATIVE, THEME_QUESTIONS, Project
from awards_app.demonstration.wording import shortened, unmarked

# Said at the head of each answer, so that no visitor takes it for the organisation's own words.
NOTICE = "Texte de démonstration\u00a0: cette réponse n’a pas été écrite par la structure."
EXPECTED = {
    "need": "On lirait ici le besoin dont elle est partie.",
    "action": "On lirait ici ce qu’elle fait au quotidien.",
    "beneficiaries": "On lirait ici à qui son initiative profite.",
    "results": "On lirait ici les résultats qu’elle observe.",
    "governance": "On lirait ici comment les décisions s’y prennent.",
    "economic_model": "On lirait ici de quoi l’initiative vit.",
    "partners": "On lirait ici avec qui elle travaille.",
    "innovation": "On lirait ici ce qu’elle apporte de nouveau.",
    "replication": "On lirait ici ce que d’autres peuvent reprendre.",
    "outlook": "On lirait ici ses projets pour les trois années à venir.",
    "us_inequalities": "On lirait ici les inégalités qu’elle fait reculer.",
    "us_environment": "On lirait ici comment elle tient compte de l’environnement.",
    "te_measures": "On lirait ici les effets écologiques qu’elle mesure.",
    "te_people": "On lirait ici comment elle s’adresse à toutes et à tous.",
}
THEMES = {"transition": "te", "transitions": "te"}


@dataclass(frozen=True, slots=True)
class RealStructure:
    """A real organisation as the sources name it; an empty text or None means not found."""

    name: str
    family: str
    city: str
    department: str
    region_code: str
    theme: str
    title: str
    summary: str
    years: tuple[int, ...]


def real_structures() -> tuple[RealStructure, ...]:
    """The organisations of the copied honours, one each, by name; later lines fill what earlier ones lack."""
    text = (files("awards_app.data") / "palmares.csv").read_text(encoding="utf-8")
    groups: dict[str, list[dict[str, str]]] = {}
    for row in csv.DictReader(text.splitlines()):
        groups.setdefault(_key(row["organisation"]), []).append(row)
    return tuple(sorted((_structure(group) for group in groups.values()), key=lambda row: unmarked(row.name)))


def real_project(structure: RealStructure, theme: str) -> Project | None:
    """The project the sources describe, its answers marked as not written by the organisation.

    None when the sources give no summary.
    """
    if not structure.summary:
        return None
    codes = NARRATIVE + THEME_QUESTIONS[theme]
    return Project(
        title=structure.title or structure.name,
        pitch=shortened(structure.summary, 200),
        summary=shortened(structure.summary, 600),
        since=min(structure.years),
        area=structure.city or structure.department,
        answers=MappingProxyType({code: f"{NOTICE} {EXPECTED[code]}" for code in codes}),
    )


def _structure(group: list[dict[str, str]]) -> RealStructure:
    def first(column: str) -> str:
        return next((row[column] for row in group if row[column] not in ("", "unknown")), "")

    last = group[-1]
    return RealStructure(
        name=last["organisation"],
        family=first("legal_family"),
        city=first("city"),
        department=first("department"),
        region_code=first("region_code"),
        theme=_theme([row["theme"] for row in group]),
        title=first("project_title"),
        summary=first("summary"),
        years=tuple(sorted({int(row["edition_year"]) for row in group})),
    )


def _theme(names: list[str]) -> str:
    words = [unmarked(name).split()[0] for name in names if name]
    return "te" if any(word in THEMES for word in words) else "us"


def _key(name: str) -> str:
    return "".join(sign for sign in unmarked(name) if sign.isalnum())
