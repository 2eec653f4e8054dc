"""What the filled edition says: invented structures and projects, and the words of their answers."""

from collections.abc import Mapping
from dataclasses import dataclass
from random import Random

from awards_app.demonstration.names import Structure as Invented
from awards_app.demonstration.names import generated_structures
from awards_app.demonstration.texts import project_for

SEED = 2023
# Beyond this many, the same organisations come again under a number.
DISTINCT = 300


@dataclass(frozen=True)
class InventedFile:
    """A structure with its project, and the answers of its form as people type them."""

    structure: Invented
    name: str
    title: str
    answers: Mapping[str, str]
    repeat: int


def invented_files(count: int, year: int) -> list[InventedFile]:
    """Return ``count`` files, the same ones each time."""
    structures = generated_structures(Random(SEED), min(count, DISTINCT), year=year)
    rng = Random(SEED)
    projects = [project_for(rng, structure, structure.theme) for structure in structures]
    found = []
    for number in range(count):
        repeat, place = divmod(number, len(structures))
        structure, project = structures[place], projects[place]
        answers = {
            "representative_name": structure.representative.full_name,
            "representative_role": structure.representative_role,
            "contact_name": structure.contact.full_name,
            "contact_email": structure.email,
            "employees": str(structure.employees),
            "volunteers": str(structure.volunteers),
            "members": str(structure.members),
            "budget_year": str(structure.budget_year),
            "budget_total": str(structure.budget_total),
            "title": project.title,
            "pitch": project.pitch,
            "summary": project.summary,
            "started_on": f"01/02/{project.since}",
            "area": project.area,
            "theme": structure.theme,
            **project.answers,
        }
        name = f"{structure.name} {repeat + 1}" if repeat else structure.name
        found.append(InventedFile(structure, name, project.title, answers, repeat))
    return found
