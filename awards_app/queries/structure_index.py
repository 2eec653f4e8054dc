"""Recognises the structures of a table among those of the platform, however long the table is (two queries)."""

from sqlalchemy import select

from awards_app.database import db
from awards_app.domain.candidacy_lines import CandidacyLine
from awards_app.domain.territory_lookup import plain_words
from awards_app.models.candidacies import Candidacy
from awards_app.models.structures import Structure

IDENTIFIERS = ("siren", "siret", "rna", "court_register")


class StructureIndex:
    """Structures by identifier, and by name with their department or region; ``candidacies`` gives the key of the
    live one that a structure has in the edition."""

    def __init__(self, edition_id: int) -> None:
        self._found: dict[tuple[str, ...], int] = {}
        self._named: set[int] = set()
        rows = db.session.execute(
            select(
                Structure.id,
                Structure.name,
                Structure.siren,
                Structure.siret,
                Structure.rna,
                Structure.court_register,
                Structure.department,
                Structure.region_code,
            ).order_by(Structure.id.desc())
        )
        for row in rows:
            self._keep(
                row.id,
                {name: getattr(row, name) for name in IDENTIFIERS},
                row.name,
                row.department,
                row.region_code,
            )
        live = db.session.execute(
            select(Candidacy.structure_id, Candidacy.key).where(
                Candidacy.edition_id == edition_id, Candidacy.state.in_(("draft", "submitted"))
            )
        )
        self.candidacies: dict[int, str] = {row.structure_id: row.key for row in live}

    def find(self, line: CandidacyLine, region: str | None) -> int | None:
        """Return the structure of a line: by its SIREN, SIRET, RNA or court register, else by its name and place.

        A name does not recognise a structure that has another identifier than the line's.
        """
        given = [(name, getattr(line, name)) for name in IDENTIFIERS if getattr(line, name)]
        for key in given:
            if key in self._found:
                return self._found[key]
        by_name = self._found.get(("name", plain_words(line.structure_name), line.department or region or ""))
        if given and by_name in self._named:
            return None
        return by_name

    def add(self, structure_id: int, line: CandidacyLine, region: str | None) -> None:
        """Know a structure that was just made from a line."""
        identifiers = {name: getattr(line, name) for name in IDENTIFIERS}
        self._keep(structure_id, identifiers, line.structure_name, line.department or "", region)

    def _keep(
        self,
        structure_id: int,
        identifiers: dict[str, str | None],
        name: str,
        department: str,
        region: str | None,
    ) -> None:
        for kind, value in identifiers.items():
            if value:
                self._found[(kind, value)] = structure_id
                self._named.add(structure_id)
        words = plain_words(name)
        for place in {department or "", region or ""} - ({""} if department or region else set()):
            self._found[("name", words, place)] = structure_id
