"""The rows that a line of a table makes: a structure, a candidacy, its answers. What the line does not say stays blank."""

from datetime import datetime

from sqlalchemy.orm import Session

from awards_app.domain.candidacy_lines import CandidacyLine
from awards_app.domain.text import sort_key
from awards_app.models.candidacies import Answer, Candidacy
from awards_app.models.structures import Structure
from awards_app.queries.import_context import ImportContext

COLUMNS = ("acronym", "legal_family", "legal_form", "address", "postcode", "city", "department", "website")
IDENTIFIERS = ("siren", "siret", "rna", "court_register")
# Field of a line → question of the form, where the two are not called the same.
QUESTIONS = {
    "contact_name": "contact_name",
    "contact_email": "contact_email",
    "contact_phone": "contact_phone",
    "employees": "employees",
    "volunteers": "volunteers",
    "budget": "budget_total",
    "project_title": "title",
    "pitch": "pitch",
    "summary": "summary",
    "theme": "theme",
}


def new_structure(session: Session, line: CandidacyLine, region: str | None, now: datetime) -> int:
    """Add the structure of a line and return its identifier."""
    row = Structure(
        name=line.structure_name,
        sort_key=sort_key(line.structure_name)[:300],
        region_code=region,
        founded_on=line.created_on,
        created_at=now,
        **{name: getattr(line, name) or ("unknown" if name == "legal_family" else "") for name in COLUMNS},
        **{name: getattr(line, name) for name in IDENTIFIERS},
    )
    session.add(row)
    session.flush()
    return row.id


def complete_identifiers(session: Session, structure_id: int, line: CandidacyLine) -> None:
    """Give a structure that was recognised the identifiers it lacked; nothing it has is changed."""
    given = {name: getattr(line, name) for name in IDENTIFIERS if getattr(line, name)}
    if given:
        row = session.get_one(Structure, structure_id)
        for name, value in given.items():
            if getattr(row, name) is None:
                setattr(row, name, value)


def candidacy_row(
    context: ImportContext, line: CandidacyLine, round_id: int, structure_id: int, origin: str, now: datetime
) -> Candidacy:
    """Return the draft of a line, not added yet; ``origin`` says from which file and line."""
    return Candidacy(
        edition_id=context.edition_id,
        round_id=round_id,
        structure_id=structure_id,
        theme_id=context.themes.get(line.theme or ""),
        title=(line.project_title or "")[:300],
        created_at=now,
        touched_at=now,
        origin=origin,
    )


def write_answers(session: Session, candidacy_id: int, line: CandidacyLine, now: datetime) -> None:
    """Add the answers that a line gives, written as a person would type them."""
    values = {
        question: str(getattr(line, name)).replace(".", ",") if name == "budget" else str(getattr(line, name))
        for name, question in QUESTIONS.items()
        if getattr(line, name) is not None
    }
    session.add_all(
        Answer(candidacy_id=candidacy_id, question_code=code, value=value, saved_at=now)
        for code, value in (values | dict(line.narratives)).items()
    )
    session.flush()
