"""The commands of an edition: their words, their JSON, their exit codes."""

import json
from pathlib import Path

import click
import pytest
from click.testing import CliRunner, Result
from flask import Flask
from flask.cli import ScriptInfo
from sqlalchemy import text

from awards_app.cli import awards
from awards_app.database import atomic


def run(app: Flask, *words: str) -> Result:
    return CliRunner().invoke(awards, list(words), obj=ScriptInfo(create_app=lambda: app))


def answer(app: Flask, *words: str) -> tuple[int, object]:
    done = run(app, *words, "--json")
    return done.exit_code, json.loads(done.stdout.strip().splitlines()[-1])


def test_an_edition_is_made_once_and_listed(app: Flask) -> None:
    code, value = answer(app, "editions", "create", "--year", "2027")
    assert (code, value["ok"], value["regions"]) == (0, True, 18)  # type: ignore[index]  # a JSON object
    assert answer(app, "editions", "create", "--year", "2027") == (
        1,
        {"ok": False, "message": "L’édition 2027 existe déjà."},
    )
    code, listed = answer(app, "editions", "list")
    assert (code, [line["year"] for line in listed]) == (0, [2027])  # type: ignore[attr-defined]  # a JSON list
    code, state = answer(app, "cycle", "status")
    assert (code, len(state["rounds"])) == (0, 19)  # type: ignore[index]  # a JSON object


def test_an_empty_platform_gets_a_sentence(app: Flask) -> None:
    for words in (("cycle", "status"), ("results", "export"), ("ranking", "show", "--region", "53")):
        done = run(app, *words)
        assert (done.exit_code, done.stdout, "n’existe pas" in done.stderr) == (1, "", True)


def test_a_database_that_is_not_at_head_gets_a_sentence(app: Flask) -> None:
    with app.app_context(), atomic() as session:
        session.execute(text("DELETE FROM alembic_version"))
    done = run(app, "cycle", "status")
    assert (done.exit_code, "awards db upgrade" in done.stderr) == (2, True)


def test_the_journal_is_verified_and_taken_away(app: Flask, tmp_path: Path) -> None:
    run(app, "editions", "create", "--year", "2027")
    code, verdict = answer(app, "journal", "verify")
    assert (code, verdict["ok"]) == (0, True)  # type: ignore[index]  # a JSON object
    heads = tmp_path / "heads.json"
    heads.write_text(json.dumps(verdict["head"]), encoding="utf-8")  # type: ignore[index]  # as above
    assert run(app, "journal", "export", "--out", str(tmp_path / "j.jsonl")).exit_code == 0
    with app.app_context(), atomic() as session:
        session.execute(text("DELETE FROM journal_entry"))
    assert run(app, "journal", "verify").exit_code == 0
    code, verdict = answer(app, "journal", "verify", "--heads", str(heads))
    assert (code, verdict["first_bad"]) == (1, 1)  # type: ignore[index]  # as above


def test_accounts_are_made_and_given_a_role(app: Flask) -> None:
    run(app, "editions", "create", "--year", "2027")
    grant = ("accounts", "grant", "--email", "nora@exemple.org", "--role", "equipe-nationale")
    assert run(app, *grant).exit_code == 1
    assert run(app, "accounts", "create", "--email", "nora@exemple.org", "--name", "Nora").exit_code == 0
    assert run(app, *grant).exit_code == 0
    assert run(app, *grant, "--region", "53").exit_code == 2


@pytest.mark.parametrize("given", [(), ("--confirm", "Autre nom")])
def test_production_asks_for_the_edition_s_name(app: Flask, given: tuple[str, ...]) -> None:
    app.config["AWARDS_MODE"] = "production"
    done = run(app, "editions", "create", "--year", "2027", *given)
    assert (done.exit_code, "--confirm" in done.stderr) == (2, True)
    assert answer(app, "editions", "list") == (0, [])
    name = "Prix de l’Économie sociale et solidaire 2027"
    assert run(app, "editions", "create", "--year", "2027", "--confirm", name).exit_code == 0


def test_a_file_that_is_no_archive(app: Flask, tmp_path: Path) -> None:
    file = tmp_path / "faux.zip"
    file.write_bytes(b"rien")
    assert run(app, "results", "verify", str(file)).exit_code == 1
    assert run(app, "results", "verify", str(tmp_path / "absent.zip")).exit_code == 2


def test_every_command_has_french_help(app: Flask) -> None:
    context = click.Context(awards, obj=ScriptInfo(create_app=lambda: app))
    for name in ("editions", "cycle", "ranking", "results", "certificates", "journal", "accounts"):
        group = awards.get_command(context, name)
        assert isinstance(group, click.Group)
        for child in group.list_commands(context):
            command = group.get_command(context, child)
            assert command is not None
            assert "Codes de sortie" in (command.help or "") or "Code de sortie" in (command.help or "")
