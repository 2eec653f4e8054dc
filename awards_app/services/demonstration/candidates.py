"""Who files in the demonstration, and with which words: real organisations as the sources name them, generated ones beside."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from random import Random

from awards_app.demonstration.names import Structure as Generated
from awards_app.demonstration.names import generated_structures
from awards_app.demonstration.real import RealStructure, real_project, real_structures
from awards_app.demonstration.texts import Project, project_for

UNDERTAKINGS = ("image_rights", "sincerity", "authority", "rules_accepted", "publication_consent")


@dataclass(frozen=True, slots=True)
class Candidate:
    """A structure with its project; ``account`` is the person responsible, None for a real organisation."""

    columns: dict[str, object]
    theme: str
    title: str
    answers: dict[str, str]
    account: tuple[str, str] | None

    @property
    def name(self) -> str:
        """Return the structure's name."""
        return str(self.columns["name"])

    @property
    def is_real(self) -> bool:
        """Say whether the structure exists."""
        return self.account is None


class Casting:
    """Draws structures nobody drew before: names and identifiers are used once."""

    def __init__(self, seed: str) -> None:
        self.seed = seed
        self._names: set[str] = {row.name for row in real_structures()}
        self._numbers: set[str] = set()

    def draw(self, region_code: str, count: int, year: int) -> list[Candidate]:
        """Return generated candidates of a region, always the same ones under a seed."""
        rng = Random(f"candidates:{self.seed}:{year}:{region_code}")
        found: list[Candidate] = []
        while len(found) < count:
            for one in generated_structures(
                rng, count - len(found), year=year, region_codes=[region_code], known_names=self._names
            ):
                numbers = {number for number in (one.siren, one.rna) if number}
                if numbers & self._numbers:
                    continue
                self._names.add(one.name)
                self._numbers |= numbers
                found.append(_generated(one, project_for(rng, one, one.theme)))
        return found


def real_candidates(region_code: str, departments: dict[str, str]) -> list[Candidate]:
    """Return the real organisations of a region of which a summary is known; what is not known stays blank."""
    found = []
    for row in real_structures():
        project = real_project(row, row.theme)
        if row.region_code == region_code and project is not None:
            found.append(_real(row, project, departments))
    return found


def too_young(candidate: Candidate, year: int) -> Candidate:
    """Return the candidate with a structure created the year before the call: too young to be admissible."""
    columns = {**candidate.columns, "founded_on": date(year - 1, 9, 1)}
    return Candidate(columns, candidate.theme, candidate.title, candidate.answers, candidate.account)


def partly_answered(
    candidate: Candidate, share: int, kept: Collection[str] = ("theme", "title")
) -> Candidate:
    """Return the candidate with the first answers only, ``share`` in hundredths, as a draft has them."""
    codes = list(candidate.answers)
    wanted = set(codes[: len(codes) * share // 100]) | set(kept)
    answers = {code: value for code, value in candidate.answers.items() if code in wanted}
    return Candidate(candidate.columns, candidate.theme, candidate.title, answers, candidate.account)


def _generated(one: Generated, project: Project) -> Candidate:
    columns: dict[str, object] = {
        "name": one.name,
        "acronym": one.acronym,
        "legal_family": one.family,
        "legal_form": one.legal_form,
        "siren": one.siren,
        "rna": one.rna,
        "court_register": one.court_register,
        "founded_on": one.created_on,
        "address": one.address,
        "postcode": one.postal_code,
        "city": one.city,
        "department": one.department_code,
        "region_code": one.region_code,
        "website": one.website,
        "is_esus": one.esus,
        "network": one.network,
    }
    answers = {
        "theme": one.theme,
        "title": project.title,
        "representative_name": one.representative.full_name,
        "representative_role": one.representative_role,
        "contact_name": one.contact.full_name,
        "contact_email": one.email,
        "contact_phone": "01 99 00 00 00",
        "employees": str(one.employees),
        "full_time_equivalents": one.full_time_equivalents,
        "volunteers": str(one.volunteers),
        "members": str(one.members),
        "budget_year": str(one.budget_year),
        "budget_total": str(one.budget_total),
        "pitch": project.pitch,
        "summary": project.summary,
        "started_on": f"01/03/{project.since}",
        "area": project.area,
        **project.answers,
        "photo_credit": one.name,
        **dict.fromkeys(UNDERTAKINGS, "y"),
    }
    return Candidate(columns, one.theme, project.title, answers, (one.email, one.contact.full_name))


def _real(row: RealStructure, project: Project, departments: dict[str, str]) -> Candidate:
    columns: dict[str, object] = {
        "name": row.name,
        "legal_family": row.family or "unknown",
        "city": row.city,
        "department": departments.get(row.department, ""),
        "region_code": row.region_code,
    }
    answers = {
        "theme": row.theme,
        "title": project.title,
        "pitch": project.pitch,
        "summary": project.summary,
        **project.answers,
    }
    return Candidate(columns, row.theme, project.title, answers, None)
