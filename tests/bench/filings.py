"""The frozen copies of the filled edition, with the content that a real submission writes."""

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from awards_app.domain.snapshot import canonical_bytes, sha256_of
from awards_app.models.candidacies import Candidacy
from awards_app.queries.drafts import AnswerFacts, progress_through
from awards_app.queries.structures import record_of
from awards_app.services.frozen_content import Ground, frozen_content, ground_of
from tests.bench.words import DISTINCT, InventedFile


def filing_rows(
    edition_id: int, candidacies: list[Candidacy], invented: list[InventedFile], at: datetime
) -> list[dict[str, Any]]:
    """Return one row of `Filing` for each candidacy."""
    contents: list[dict[str, Any]] = []
    ground = ground_of(edition_id, candidacies[0].round_id)
    for row, one in zip(candidacies[:DISTINCT], invented, strict=False):
        contents.append(_content(ground, row, one, at))
    return list(_rows(candidacies, contents, at))


def _content(ground: Ground, row: Candidacy, one: InventedFile, at: datetime) -> dict[str, Any]:
    answers = {code: AnswerFacts(value, 1, at) for code, value in one.answers.items()}
    theme = next(theme for theme in ground.themes if theme.id == row.theme_id)
    sections = progress_through(ground.form, answers, (), theme)
    structure = record_of(row.structure_id)
    return frozen_content(row, ground.place, structure, theme, sections, answers, has_attachments=False)


def _rows(
    candidacies: list[Candidacy], contents: list[dict[str, Any]], at: datetime
) -> Iterator[dict[str, Any]]:
    for number, row in enumerate(candidacies):
        content = contents[number % len(contents)] | {"candidacy": row.key}
        yield {
            "candidacy_id": row.id,
            "number": 1,
            "receipt": f"BANC-{number + 1:05d}",
            "content": canonical_bytes(content).decode(),
            "sha256": sha256_of(content),
            "submitted_at": at,
        }
