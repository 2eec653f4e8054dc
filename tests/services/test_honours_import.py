"""Importing the real palmarès: all of it, once, and nothing more the second time."""

from datetime import UTC, datetime
from pathlib import Path

from flask import Flask
from sqlalchemy import func, select

from awards_app.database import db
from awards_app.domain.preset import load_preset
from awards_app.models.honours import EditionRecord, Honour
from awards_app.models.journal import JournalEntry
from awards_app.paths import PACKAGE
from awards_app.services.honours_import import import_honours

NOW = datetime(2027, 3, 1, 9, 0, tzinfo=UTC)
PALMARES = PACKAGE / "data" / "palmares.csv"
EDITIONS = PACKAGE / "data" / "editions.csv"


def _import(path: Path) -> tuple[int, int, int]:
    done = import_honours(path, load_preset(PACKAGE / "presets" / "prix-ess.toml"), NOW)
    return done.added, done.changed, done.unchanged


def test_the_real_files_are_taken_whole_and_only_once(app: Flask) -> None:
    with app.app_context():
        assert _import(PALMARES) == (57, 0, 0)
        assert _import(EDITIONS) == (11, 0, 0)
        assert _import(PALMARES) == (0, 0, 57)
        assert _import(EDITIONS) == (0, 0, 11)
        assert db.session.scalar(select(func.count()).select_from(Honour)) == 57
        acts = db.session.scalars(select(JournalEntry.act).order_by(JournalEntry.seq)).all()
        assert acts == ["import_honours", "import_editions"]


def test_what_was_not_found_stays_blank(app: Flask) -> None:
    with app.app_context():
        _import(PALMARES)
        _import(EDITIONS)
        unknown = db.session.scalars(select(Honour).where(Honour.structure_name == "Acadia")).one()
        assert (unknown.region_code, unknown.city, unknown.amount, unknown.legal_family) == (
            None,
            "",
            None,
            "unknown",
        )
        first = db.session.get_one(EditionRecord, 2015)
        assert (first.call_opens_on, first.regional_amount, first.candidacies) == (None, None, 400)


def test_a_corrected_cell_changes_its_line_and_keeps_its_address(app: Flask, tmp_path: Path) -> None:
    corrected = tmp_path / "palmares.csv"
    corrected.write_text(PALMARES.read_text("utf-8").replace("Petit-Quevilly", "Le Petit-Quevilly"), "utf-8")
    with app.app_context():
        _import(PALMARES)
        before = db.session.scalar(select(Honour.slug).where(Honour.structure_name == "GRISS"))
        assert _import(corrected) == (0, 1, 56)
        after = db.session.execute(
            select(Honour.slug, Honour.city).where(Honour.structure_name == "GRISS")
        ).one()
        assert after == (before, "Le Petit-Quevilly")


def test_a_wrong_line_is_refused_with_its_reason_and_the_others_are_taken(app: Flask, tmp_path: Path) -> None:
    lines = PALMARES.read_text("utf-8").splitlines()
    wrong = tmp_path / "palmares.csv"
    wrong.write_text("\n".join([*lines[:3], lines[3].replace("2016,", "216,", 1)]) + "\n", "utf-8")
    with app.app_context():
        done = import_honours(wrong, load_preset(PACKAGE / "presets" / "prix-ess.toml"), NOW)
    assert done.as_json() == {
        "read": 3,
        "taken": 2,
        "incomplete": 0,
        "refused": [
            {
                "line": 4,
                "column": "edition_year",
                "reason": "« 216 » n’est pas une année entre 2000 et 2100.",
            }
        ],
        "kind": "honours",
        "added": 2,
        "changed": 0,
        "unchanged": 0,
        "lines": [
            {"line": 2, "what": "La Machinerie, 2016", "outcome": "added"},
            {"line": 3, "what": "Clara, 2016", "outcome": "added"},
        ],
    }
