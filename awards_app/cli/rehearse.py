"""`awards cycle rehearse`: a whole edition on given candidacies, in a throw-away copy of the platform."""

import json
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

import click

from awards_app.domain.preset import Preset
from awards_app.domain.refusals import Refusal

CHECKS = {
    "import_twice_changes_nothing": "Importer deux fois le fichier ne change rien.",
    "missing_marks_block_the_lock": "Une fiche manquante empêche de verrouiller, jusqu’à sa dispense à deux.",
    "regional_rankings_recomputed": "Les classements régionaux, recalculés à part, sont les mêmes.",
    "national_ranking_recomputed": "Le classement national, recalculé à part, est le même.",
    "nothing_public_before_the_embargo": "Rien n’est public avant la levée de l’embargo.",
    "every_round_published_once": "Chaque jury est publié une fois, à son heure.",
    "every_certificate_is_printed": "Chaque attestation commandée est imprimée.",
    "every_certificate_verifies": "Chaque attestation se vérifie ; un octet changé se voit.",
    "archive_verifies": "L’archive des résultats se vérifie.",
    "spoiled_archive_is_refused": "Un seul octet changé dans l’archive la fait refuser.",
    "volumes_are_those_asked": "Dossiers, régions et candidatures au jury national sont en nombre voulu.",
    "withdrawn_entry_replaced": "Une candidature retenue se retire : la suivante la remplace.",
    "correction_replaces_the_certificate": "Un rectificatif révoque l’attestation et en émet une autre.",
    "journal_verifies": "Le journal des actes se vérifie.",
}

COUNTS = {
    "regions": "régions",
    "read": "lignes lues",
    "taken": "prises",
    "incomplete": "à compléter",
    "refused": "refusées",
    "received": "reçues hors plateforme",
    "admissible": "recevables",
    "inadmissible": "non recevables",
    "left_aside": "laissées de côté (thématique ou région inconnue)",
    "juries": "jurys",
    "seats": "membres",
    "recusals": "déports",
    "files": "dossiers",
    "sheets": "fiches",
    "waived": "dispensées",
    "decisions": "décisions",
    "ties_parted": "ex æquo départagés",
    "unawarded": "non décernées",
    "entries": "retenues pour le national",
    "minutes": "procès-verbaux",
    "rounds": "jurys publiés",
    "honours": "distinctions",
    "certificates": "attestations",
    "palmares": "lignes au palmarès",
    "problems": "écarts dans l’archive",
    "replaced": "remplacée",
    "corrected": "rectifiée",
    "journal_entries": "actes au journal",
}


@click.command("rehearse")
@click.option(
    "--input",
    "path",
    type=click.Path(path_type=Path),
    help="Tableau de candidatures (CSV ou XLSX).",
)
@click.option(
    "--like",
    "like",
    type=int,
    metavar="ANNÉE",
    help="Sans tableau : inventer une édition des volumes de celle-ci (2023 : 515 candidatures, 27 au jury national).",
)
@click.option(
    "--seed", default="1", show_default=True, help="Graine du hasard : même graine, mêmes lauréats."
)
@click.option(
    "--out", type=click.Path(path_type=Path), help="Dossier des documents ; sinon un dossier temporaire."
)
@click.option("--region", "region_code", help="Code de la région des lignes qui n’en donnent pas.")
@click.option("--year", type=int, help="Année jouée ; sinon l’année en cours.")
@click.option("--json", "as_json", is_flag=True, help="Rendre le compte de la répétition en JSON.")
def rehearse(
    path: Path | None,
    like: int | None,
    seed: str,
    out: Path | None,
    region_code: str | None,
    year: int | None,
    as_json: bool,
) -> None:
    """Jouer une édition entière sur des candidatures, sans rien toucher de la plateforme.

    Recevabilité, jurys, notation, verrouillage, décisions, procès-verbaux, jury national, publication, attestations : par
    les mêmes services que le site, avec des jurés simulés (déports, absences, ex æquo). Laisse dans le dossier les
    procès-verbaux, les attestations, le palmarès et l’archive des résultats. Avec --like, une candidature retenue se retire
    et une distinction publiée est rectifiée. Codes de sortie : 0 tout concorde ; 1 une
    vérification échoue ; 2 le fichier n’a pas pu être lu.
    """
    from awards_app.services.rehearsal import Step, volumes_of, write_table
    from awards_app.services.rehearsal import rehearse as play

    if (path is None) == (like is None):
        raise click.UsageError("Donnez un tableau (--input) ou une année (--like), l’un des deux.")

    def say(step: Step) -> None:
        if not as_json:
            counts = ", ".join(f"{count} {COUNTS.get(name, name)}" for name, count in step.counts.items())
            click.echo(f"{step.seconds:7.1f} s  {step.label} : {counts}")

    folder = out or Path(tempfile.mkdtemp(prefix="repetition-"))
    try:
        volumes = volumes_of(like) if like is not None else None
        folder.mkdir(parents=True, exist_ok=True)
        table = path or folder / "candidatures.csv"
        if volumes is not None:
            write_table(volumes, year or datetime.now(UTC).year, seed, table)
        with _throw_away_platform() as preset:
            game = play(
                table,
                folder,
                preset,
                year or datetime.now(UTC).year,
                seed=seed,
                region_code=region_code,
                say=say,
                volumes=volumes,
            )
    except (Refusal, OSError) as refused:
        click.echo(str(refused), err=True)
        sys.exit(2)
    if as_json:
        click.echo(json.dumps(game.as_json(), ensure_ascii=False))
    else:
        for name, holds in game.checks.items():
            click.echo(f"{'oui' if holds else 'NON':>9}  {CHECKS.get(name, name)}")
        click.echo(f"Documents : {folder}")
    sys.exit(0 if all(game.checks.values()) else 1)


@contextmanager
def _throw_away_platform() -> Iterator[Preset]:
    """Open a platform of its own, on an empty database and without a queue, and remove it afterwards."""
    from awards_app.app import create_app
    from awards_app.database import db
    from awards_app.domain.preset import load_preset
    from awards_app.paths import PACKAGE

    with tempfile.TemporaryDirectory(prefix="awards-repetition-") as folder:
        app = create_app(
            {
                "AWARDS_MODE": "testing",
                "AWARDS_INSTANCE": folder,
                "DATABASE_URL": f"sqlite:///{folder}/awards.sqlite3",
                "AWARDS_SQLITE_SYNCHRONOUS": "NORMAL",
                "AWARDS_TEST_HOOKS": False,
                "REDIS_URL": "",
                "DEBUG": False,
            }
        )
        with app.app_context():
            db.create_all()
            try:
                yield load_preset(PACKAGE / "presets" / "prix-ess.toml")
            finally:
                db.session.remove()
                for engine in db.engines.values():
                    engine.dispose()
