"""`awards candidacies`: bring in the candidacies that a chamber received otherwise."""

import hashlib
import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click
from flask import current_app
from flask.cli import with_appcontext

from awards_app.adapters.clock import now
from awards_app.cli.import_words import bar, print_report
from awards_app.cli.ready import prepare_database
from awards_app.domain.column_headers import FIELD_LABELS
from awards_app.domain.column_mapping import Mapping
from awards_app.domain.refusals import Refusal

if TYPE_CHECKING:
    from awards_app.services.candidacies_import import CandidaciesImport

SHOWN = 12


@click.group()
def candidacies() -> None:
    """Les candidatures : importer celles qu’une chambre a reçues autrement."""


@candidacies.command("import")
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--edition", "year", type=int, required=True, help="Année de l’édition.")
@click.option(
    "--map",
    "map_file",
    type=click.Path(path_type=Path),
    help="Correspondance des colonnes (JSON) : lue si le fichier existe, sinon écrite pour être relue.",
)
@click.option("--region", "region_code", help="Code de la région des lignes qui n’en donnent pas.")
@click.option("--dry-run", is_flag=True, help="Dire ce qui serait fait, sans rien écrire.")
@click.option("--json", "as_json", is_flag=True, help="Rendre le rapport en JSON.")
@with_appcontext
def import_file(
    file: Path, year: int, map_file: Path | None, region_code: str | None, dry_run: bool, as_json: bool
) -> None:
    """Importer un tableau de candidatures (CSV ou XLSX).

    Rien n’est importé à moitié : une ligne refusée ne laisse rien, les autres sont prises. Une structure déjà connue est
    reconnue, et importer deux fois le même fichier ne change rien. Codes de sortie : 0 tout est pris ; 1 des lignes sont
    refusées ; 2 le fichier, la correspondance ou l’édition ne permet pas l’import.
    """
    from awards_app.services.candidacies_import import import_candidacies

    prepare_database(as_json)
    try:
        kept = map_file or _kept_mapping(file)
        given = _read_mapping(kept)
        with bar(_lines(file), "Import des candidatures") as step:
            done = import_candidacies(
                file, year, now(), mapping=given, region_code=region_code, dry_run=dry_run, on_line=step
            )
    except (Refusal, OSError) as refused:
        click.echo(str(refused), err=True)
        sys.exit(2)
    if given is None and (map_file is not None or not dry_run):
        kept.parent.mkdir(parents=True, exist_ok=True)
        kept.write_text(done.proposal.mapping.to_json(), encoding="utf-8")
        click.echo(f"Correspondance des colonnes écrite dans {kept}.", err=True)
    if as_json:
        click.echo(json.dumps(done.report.as_json(), ensure_ascii=False))
    else:
        _print(done, dry_run)
    sys.exit(1 if done.report.refused else 0)


def _kept_mapping(file: Path) -> Path:
    """Return where the mapping of a table with these headers is kept, so that the next one like it is read the same."""
    from awards_app.adapters.tables import read_table

    headers = "\n".join(sorted(read_table(file).headers))
    digest = hashlib.sha256(headers.encode()).hexdigest()[:16]
    return Path(current_app.config["AWARDS_INSTANCE"]) / "mappings" / f"{digest}.json"


def _read_mapping(path: Path) -> Mapping | None:
    if not path.exists():
        return None
    return Mapping.from_json(path.read_text(encoding="utf-8"))


def _lines(path: Path) -> int:
    """Estimate the lines of a file, for the bar alone."""
    return path.read_bytes().count(b"\n") if path.suffix.lower() != ".xlsx" else 500


def _print(done: "CandidaciesImport", dry_run: bool) -> None:
    click.echo("Colonnes :")
    for header, name in done.proposal.mapping.columns.items():
        click.echo(f"  {header} → {FIELD_LABELS.get(name, name) if name else 'laissée de côté'}")
    for doubt in done.proposal.ambiguous:
        click.echo(f"  à préciser avec --map : {', '.join(doubt.headers)} ({', '.join(doubt.fields)})")
    print_report(done.report)
    for line, words in list(done.lacks.items())[:SHOWN]:
        click.echo(f"  ligne {line}, à compléter : {' ; '.join(words)}")
    if len(done.lacks) > SHOWN:
        click.echo(f"  … et {len(done.lacks) - SHOWN} autres lignes.")
    verb = "Serait fait" if dry_run else "Fait"
    click.echo(
        f"{verb} : {done.submitted} déposées, {done.drafts} brouillons à compléter, {done.known} déjà là ; "
        f"{done.new_structures} structures créées."
    )
