"""`awards results`: the sealed archive of an edition, written and verified."""

from pathlib import Path

import click

from awards_app.adapters.clock import now
from awards_app.cli.ready import REFUSED, UNUSABLE, answer, ready


@click.group()
def results() -> None:
    """Les résultats : une archive scellée que tout le monde peut recalculer."""


@results.command("export")
@click.option("--edition", "year", type=int, help="Année ; sinon l’édition en cours.")
@click.option("--region", metavar="CODE", help="Un seul tour : code de la région, ou « national ».")
@click.option(
    "--out", type=click.Path(path_type=Path), help="Fichier à écrire ; sinon resultats-ANNÉE.zip ici."
)
@ready
def export(year: int | None, region: str | None, out: Path | None, as_json: bool) -> int:
    """Écrire l’archive des résultats des tours verrouillés ; son sceau est inscrit au journal.

    Codes de sortie : 0 écrite et vérifiée ; 1 rien à exporter, ou l’archive ne se vérifie pas ; 2 la base est à corriger.
    """
    from awards_app.queries.settings import edition_for
    from awards_app.services.results import export_results, round_id_of, verify_results

    edition = edition_for(year)
    round_id = None if region is None else round_id_of(edition.id, region)
    data = export_results(edition.year, now(), round_id=round_id)
    path = out or Path(f"resultats-{edition.year}{'-' + region if region else ''}.zip")
    try:
        path.write_bytes(data)
    except OSError as error:
        raise click.UsageError(f"{path} ne s’écrit pas : {error.strerror}") from None
    verdict = verify_results(data)
    answer(
        as_json,
        {
            "ok": verdict.ok,
            "file": str(path),
            "seal": verdict.seal,
            "problems": [str(one) for one in verdict.problems],
        },
        f"Écrit : {path}",
        f"Sceau : {verdict.seal}",
        *(str(problem) for problem in verdict.problems),
        f"À recalculer ailleurs : python3 tests/independent/recompute.py {path}",
    )
    return 0 if verdict.ok else REFUSED


@results.command("verify")
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--seal", help="Sceau attendu, gardé ailleurs (le journal le note à l’export).")
@click.option("--json", "as_json", is_flag=True, help="Répondre en JSON, pour une machine.")
def verify(file: Path, seal: str | None, as_json: bool) -> None:
    """Vérifier une archive des résultats : sceaux, notes, classements, décisions.

    Ne demande pas de base. Codes de sortie : 0 tout concorde ; 1 quelque chose ne concorde pas, dit ligne à ligne ; 2 le
    fichier ne se lit pas.
    """
    from awards_app.domain.results_archive import verify_archive

    try:
        data = file.read_bytes()
    except OSError as error:
        click.echo(f"{file} ne se lit pas : {error.strerror}", err=True)
        raise SystemExit(UNUSABLE) from None
    verdict = verify_archive(data, seal)
    answer(
        as_json,
        {"ok": verdict.ok, "seal": verdict.seal, "problems": [str(problem) for problem in verdict.problems]},
        *(
            [f"Tout concorde. Sceau : {verdict.seal}"]
            if verdict.ok
            else [str(one) for one in verdict.problems]
        ),
    )
    raise SystemExit(0 if verdict.ok else REFUSED)
