"""`awards honours`: the palmarès of past editions."""

import json
import sys
from pathlib import Path

import click
from flask.cli import with_appcontext

from awards_app.adapters.clock import now
from awards_app.cli.import_words import bar, print_report
from awards_app.cli.ready import prepare_database
from awards_app.domain.refusals import Refusal

OUTCOMES = {"added": "ajoutée", "changed": "modifiée", "unchanged": "déjà là, inchangée"}


@click.group()
def honours() -> None:
    """Le palmarès : importer les éditions et les distinctions passées."""


@honours.command("import")
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--json", "as_json", is_flag=True, help="Rendre le rapport en JSON.")
@click.option(
    "--preset", default="prix-ess", show_default=True, help="Jeu de réglages dont viennent les régions."
)
@with_appcontext
def import_file(file: Path, as_json: bool, preset: str) -> None:
    """Importer un palmarès ou une liste d’éditions (CSV ou XLSX).

    Les colonnes disent duquel il s’agit. Importer deux fois le même fichier ne change rien. Codes de sortie : 0 tout est
    pris ; 1 des lignes sont refusées ; 2 le fichier n’a pas pu être lu.
    """
    from awards_app.domain.preset import load_preset
    from awards_app.paths import PACKAGE
    from awards_app.services.honours_import import import_honours

    prepare_database(as_json)
    try:
        with bar(1, "Import du palmarès") as step:
            done = import_honours(file, load_preset(PACKAGE / "presets" / f"{preset}.toml"), now())
            step(1)
    except (Refusal, OSError) as refused:
        click.echo(str(refused), err=True)
        sys.exit(2)
    if as_json:
        click.echo(json.dumps(done.as_json(), ensure_ascii=False))
    else:
        for line in done.lines:
            click.echo(f"  ligne {line.line} : {line.what} — {OUTCOMES[line.outcome]}")
        print_report(done.report)
        click.echo(_changes(done.added, done.changed, done.unchanged))
    sys.exit(1 if done.report.refused else 0)


def _changes(added: int, changed: int, unchanged: int) -> str:
    if not added and not changed:
        return "Rien n’a changé : tout y était déjà."
    return f"Ajoutées : {added} · modifiées : {changed} · inchangées : {unchanged}."
