"""Importing a chamber's table: submitted when whole, a draft that says what it lacks, refused with nothing left."""

import json
from datetime import UTC, datetime
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import func, select

from awards_app.database import db
from awards_app.domain.preset import load_preset
from awards_app.models.candidacies import Answer, Candidacy, Filing
from awards_app.models.editions import Round
from awards_app.models.journal import JournalEntry
from awards_app.models.structures import Structure
from awards_app.paths import PACKAGE
from awards_app.services.candidacies_import import CandidaciesImport, EditionIsUnknown, import_candidacies
from awards_app.services.editions import create_edition

NOW = datetime(2027, 6, 10, 9, 0, tzinfo=UTC)
HEADERS = "Nom de la structure;Famille juridique;SIREN;Date de création;Région;Courriel;Thématique;Titre du projet;Résumé"
WHOLE = "La Cordée;association;732 829 320;12/03/2015;Bretagne;contact@cordee.example;Utilité sociale;Le relais;Un relais."
BARE = "Ty Glaz;;;;Bretagne;;Transition écologique;;"


@pytest.fixture
def edition(app: Flask) -> Flask:
    with app.app_context():
        create_edition(
            load_preset(PACKAGE / "presets" / "prix-ess.toml"), 2027, datetime(2027, 1, 5, tzinfo=UTC)
        )
    return app


def _table(folder: Path, *lines: str, headers: str = HEADERS) -> Path:
    path = folder / "candidatures.csv"
    path.write_text("\n".join([headers, *lines]) + "\n", "utf-8")
    return path


def _counts() -> tuple[int, int, int, int]:
    return tuple(
        db.session.scalar(select(func.count()).select_from(table)) or 0
        for table in (Structure, Candidacy, Filing, Answer)
    )  # type: ignore[return-value]  # four counts


def _summary(done: CandidaciesImport) -> tuple[int, int, int, int]:
    return done.submitted, done.drafts, done.known, done.new_structures


def test_a_whole_line_is_submitted_and_a_bare_one_is_a_draft_that_says_what_it_lacks(
    edition: Flask, tmp_path: Path
) -> None:
    path = _table(tmp_path, WHOLE, BARE)
    with edition.app_context():
        done = import_candidacies(path, 2027, NOW)
        assert _summary(done) == (1, 1, 0, 2)
        assert done.report.as_json() == {"read": 2, "taken": 2, "incomplete": 1, "refused": []}
        assert done.lacks == {
            3: [
                "Identifiant (SIREN, SIRET, RNA ou registre du tribunal)",
                "Famille juridique",
                "Date de création",
                "Courriel de la personne à contacter",
                "Titre du projet",
                "Résumé pour publication",
            ]
        }
        rows = db.session.execute(
            select(Candidacy.state, Candidacy.title, Candidacy.origin, Round.region_code)
            .join(Round, Round.id == Candidacy.round_id)
            .order_by(Candidacy.id)
        ).all()
        assert rows == [
            ("submitted", "Le relais", "candidatures.csv, ligne 2", "53"),
            ("draft", "", "candidatures.csv, ligne 3", "53"),
        ]
        frozen = json.loads(db.session.scalars(select(Filing.content)).one())
        assert (frozen["title"], frozen["theme"]["code"], frozen["structure"]["siren"]) == (
            "Le relais",
            "us",
            "732829320",
        )


def test_a_second_run_changes_nothing(edition: Flask, tmp_path: Path) -> None:
    path = _table(tmp_path, WHOLE, BARE)
    with edition.app_context():
        import_candidacies(path, 2027, NOW)
        before = _counts(), db.session.scalar(select(func.count()).select_from(JournalEntry))
        done = import_candidacies(path, 2027, NOW)
        assert _summary(done) == (0, 0, 2, 0)
        assert done.report.taken == 2
        assert (_counts(), db.session.scalar(select(func.count()).select_from(JournalEntry))) == before


def test_a_dry_run_says_the_same_and_leaves_nothing(edition: Flask, tmp_path: Path) -> None:
    path = _table(tmp_path, WHOLE, BARE)
    with edition.app_context():
        before = _counts(), db.session.scalar(select(func.count()).select_from(JournalEntry))
        assert _summary(import_candidacies(path, 2027, NOW, dry_run=True)) == (1, 1, 0, 2)
        assert (_counts(), db.session.scalar(select(func.count()).select_from(JournalEntry))) == before
        assert _summary(import_candidacies(path, 2027, NOW)) == (1, 1, 0, 2)


def test_a_refused_line_leaves_nothing_of_itself(edition: Flask, tmp_path: Path) -> None:
    path = _table(tmp_path, WHOLE.replace("732 829 320", "732 829 321"))
    with edition.app_context():
        done = import_candidacies(path, 2027, NOW)
        assert [(e.line, e.column) for e in done.report.refused] == [(2, "SIREN")]
        assert _counts() == (0, 0, 0, 0)


def test_a_structure_that_exists_is_recognised_by_name_and_place_and_given_its_identifier(
    edition: Flask, tmp_path: Path
) -> None:
    with edition.app_context():
        import_candidacies(_table(tmp_path, "La Cordée;;;;Bretagne;;;;"), 2027, NOW)
        done = import_candidacies(_table(tmp_path, WHOLE.replace("La Cordée", "LA CORDEE")), 2027, NOW)
        assert _summary(done) == (0, 0, 1, 0)
        assert db.session.execute(select(Structure.name, Structure.siren)).all() == [
            ("La Cordée", "732829320")
        ]


def test_one_candidacy_a_structure_even_in_two_themes(edition: Flask, tmp_path: Path) -> None:
    path = _table(tmp_path, WHOLE, WHOLE.replace("Utilité sociale", "Transition écologique"))
    with edition.app_context():
        done = import_candidacies(path, 2027, NOW)
        assert [(e.line, e.column) for e in done.report.refused] == [(3, "Nom de la structure")]
        assert _counts()[:3] == (1, 1, 1)


def test_a_region_that_scores_or_stays_out_refuses_new_files(edition: Flask, tmp_path: Path) -> None:
    path = _table(tmp_path, WHOLE, BARE.replace("Bretagne", "Corse"))
    with edition.app_context():
        db.session.execute(Round.__table__.update().where(Round.region_code == "53").values(phase="P3"))
        db.session.execute(Round.__table__.update().where(Round.region_code == "94").values(takes_part=False))
        db.session.commit()
        done = import_candidacies(path, 2027, NOW)
        assert [(e.line, e.column, e.reason) for e in done.report.refused] == [
            (
                2,
                "Région",
                "Dans cette région, la notation est déjà ouverte : la liste des candidatures est arrêtée.",
            ),
            (3, "Région", "Cette région ne participe pas à cette édition."),
        ]
        assert _counts() == (0, 0, 0, 0)


def test_without_a_region_a_file_waits_as_a_draft_or_takes_the_region_given(
    edition: Flask, tmp_path: Path
) -> None:
    path = _table(tmp_path, "La Cordée;Utilité sociale", headers="organisation;theme")
    with edition.app_context():
        assert _summary(import_candidacies(path, 2027, NOW, dry_run=True, region_code="53")) == (0, 1, 0, 1)
        done = import_candidacies(path, 2027, NOW)
        assert done.report.incomplete == 1
        where = select(Candidacy.state, Round.region_code).join(Round, Round.id == Candidacy.round_id)
        assert db.session.execute(where).all() == [("draft", None)]


def test_the_real_palmares_needs_no_mapping(edition: Flask) -> None:
    with edition.app_context():
        done = import_candidacies(PACKAGE / "data" / "palmares.csv", 2027, NOW)
        assert (done.report.read, done.report.taken, done.report.incomplete) == (57, 51, 51)
        assert [error.line for error in done.report.refused] == [10, 11, 20, 37, 46, 53]


def test_an_edition_that_does_not_exist_is_said(edition: Flask, tmp_path: Path) -> None:
    with edition.app_context(), pytest.raises(EditionIsUnknown):
        import_candidacies(_table(tmp_path, WHOLE), 2031, NOW)
