"""`awards journal`: check that the journal is whole, take it away."""

import json
from pathlib import Path

import click

from awards_app.adapters.clock import now
from awards_app.cli.ready import REFUSED, answer, ready


@click.group()
def journal() -> None:
    """Le journal des actes : le vérifier, l’exporter."""


@journal.command("verify")
@click.option(
    "--heads",
    type=click.Path(path_type=Path, exists=True),
    help="Têtes gardées ailleurs (JSON) : révèlent une fin coupée.",
)
@ready
def verify(heads: Path | None, as_json: bool) -> int:
    """Recalculer toute la chaîne du journal.

    Codes de sortie : 0 intact ; 1 altéré, avec le premier numéro en cause ; 2 la base ou le fichier est à corriger.
    """
    from awards_app.domain.chain import ChainHead
    from awards_app.services.journal_check import verify as verify_all

    anchors = []
    if heads is not None:
        try:
            given = json.loads(heads.read_text(encoding="utf-8"))
            anchors = [
                ChainHead(int(one["seq"]), str(one["hash"]))
                for one in (given if isinstance(given, list) else [given])
            ]
        except (ValueError, KeyError, TypeError):
            raise click.UsageError(f"{heads} ne contient pas de têtes de journal.") from None
    verdict = verify_all(anchors)
    answer(
        as_json,
        {
            "ok": verdict.ok,
            "entries": verdict.entries,
            "first_bad": verdict.first_bad,
            "head": {"seq": verdict.head.seq, "hash": verdict.head.hash},
        },
        f"Journal intact : {verdict.entries} lignes, tête {verdict.head.seq} {verdict.head.hash}"
        if verdict.ok
        else f"Journal altéré à partir de la ligne {verdict.first_bad}.",
    )
    return 0 if verdict.ok else REFUSED


@journal.command("export")
@click.option("--out", type=click.Path(path_type=Path), required=True, help="Fichier JSON Lines à écrire.")
@ready
def export(out: Path, as_json: bool) -> None:
    """Écrire tout le journal, à vérifier avec tests/independent/verify_journal.py.

    L’export est lui-même inscrit au journal. Codes de sortie : 0 écrit ; 2 la base ou le fichier est à corriger.
    """
    from awards_app.services.journal_export import export_journal

    count = 0
    try:
        with out.open("wb") as file:
            for line in export_journal(None, now()):
                file.write(line)
                count += 1
    except OSError as error:
        raise click.UsageError(f"{out} ne s’écrit pas : {error.strerror}") from None
    answer(as_json, {"ok": True, "file": str(out), "entries": count}, f"Écrit : {out} ({count} lignes)")
