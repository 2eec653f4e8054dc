"""The two commands of import: exit codes, JSON for machines, the mapping that is written then read."""

import json
from datetime import UTC, datetime
from pathlib import Path

from flask import Flask

from awards_app.cli.candidacies import candidacies
from awards_app.cli.honours import honours
from awards_app.domain.preset import load_preset
from awards_app.paths import PACKAGE
from awards_app.services.editions import create_edition

PALMARES = str(PACKAGE / "data" / "palmares.csv")


def _run(app: Flask, group: object, *words: str) -> tuple[int, str]:
    result = app.test_cli_runner().invoke(group, words)  # type: ignore[arg-type]  # a group is a command
    return result.exit_code, result.stdout


def _edition(app: Flask) -> None:
    with app.app_context():
        create_edition(
            load_preset(PACKAGE / "presets" / "prix-ess.toml"), 2027, datetime(2027, 1, 5, tzinfo=UTC)
        )


def test_honours_import_says_when_nothing_changed(app: Flask) -> None:
    code, first = _run(app, honours, "import", PALMARES)
    lines = first.splitlines()
    assert (code, len(lines), lines[0]) == (0, 59, "  ligne 2 : La Machinerie, 2016 — ajoutée")
    assert lines[57:] == [
        "Lues : 57 · prises : 57 · refusées : 0",
        "Ajoutées : 57 · modifiées : 0 · inchangées : 0.",
    ]
    code, second = _run(app, honours, "import", PALMARES)
    lines = second.splitlines()
    assert (code, len(lines), lines[0]) == (0, 59, "  ligne 2 : La Machinerie, 2016 — déjà là, inchangée")
    assert lines[57:] == [
        "Lues : 57 · prises : 57 · refusées : 0",
        "Rien n’a changé : tout y était déjà.",
    ]


def test_a_file_that_is_no_table_exits_with_2(app: Flask, tmp_path: Path) -> None:
    other = tmp_path / "autre.csv"
    other.write_text("a;b\n1;2\n", "utf-8")
    assert _run(app, honours, "import", str(other)) == (2, "")
    assert _run(app, honours, "import", str(tmp_path / "absent.csv")) == (2, "")
    assert _run(app, candidacies, "import", PALMARES, "--edition", "2027") == (2, "")


def test_candidacies_import_prints_exactly_the_promised_json(app: Flask, tmp_path: Path) -> None:
    _edition(app)
    table = tmp_path / "table.csv"
    table.write_text("organisation;siren\nLa Cordée;\nTy Glaz;12\n", "utf-8")
    code, out = _run(app, candidacies, "import", str(table), "--edition", "2027", "--json")
    report = json.loads(out)
    assert (code, set(report), report["read"], report["taken"], report["incomplete"]) == (
        1,
        {"read", "taken", "incomplete", "refused"},
        2,
        1,
        1,
    )
    assert [(set(error), error["line"], error["column"]) for error in report["refused"]] == [
        ({"line", "column", "reason"}, 3, "siren")
    ]


def test_the_mapping_is_written_then_read(app: Flask, tmp_path: Path) -> None:
    _edition(app)
    table, mapping = tmp_path / "table.csv", tmp_path / "colonnes.json"
    table.write_text("Qui ?;organisation\nLa Cordée;Ty Glaz\n", "utf-8")
    words = ("import", str(table), "--edition", "2027", "--map", str(mapping), "--dry-run")
    assert _run(app, candidacies, *words)[0] == 0
    written = json.loads(mapping.read_text("utf-8"))
    assert written == {"version": 1, "columns": {"Qui ?": None, "organisation": "structure_name"}}
    written["columns"] = {"Qui ?": "structure_name", "organisation": None}
    mapping.write_text(json.dumps(written), "utf-8")
    code, out = _run(app, candidacies, *words)
    assert (code, out.splitlines()[1:3]) == (
        0,
        ["  Qui ? → Nom de la structure", "  organisation → laissée de côté"],
    )
