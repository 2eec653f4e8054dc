"""`awards files`: check what is stored, mend it from a backup, scan it anew, open a sealed original."""

from pathlib import Path

import click

from awards_app.adapters.clock import now
from awards_app.cli.ready import OPERATOR, REFUSED, answer, ready


@click.group()
def files() -> None:
    """Les fichiers conservés : les vérifier, les réparer, les analyser."""


@files.command("check")
@ready
def check(as_json: bool) -> int:
    """Relire chaque fichier conservé et le comparer à son empreinte.

    Codes de sortie : 0 tout est intact ; 1 des fichiers manquent ou sont abîmés, chacun nommé avec son propriétaire.
    """
    from awards_app.services.storage_check import check_storage

    report = check_storage(now())
    lines = [f"{one.kind} : {one.where} ({one.table}, {one.owner})" for one in report.problems]
    lines.append(
        f"{report.checked} fichiers relus, {len(report.problems)} abîmés, {report.forgotten} sans ligne oubliés."
    )
    answer(
        as_json,
        {
            "ok": not report.problems,
            "checked": report.checked,
            "forgotten": report.forgotten,
            "problems": [
                {"kind": p.kind, "table": p.table, "owner": p.owner, "where": p.where}
                for p in report.problems
            ],
        },
        "\n".join(lines),
    )
    return REFUSED if report.problems else 0


@files.command("restore")
@click.option(
    "--from",
    "folder",
    type=click.Path(path_type=Path, exists=True, file_okay=False),
    required=True,
    help="Copie du dossier AWARDS_FILES (sauvegarde).",
)
@ready
def restore(folder: Path, as_json: bool) -> int:
    """Remettre, depuis une sauvegarde, les fichiers manquants ou abîmés dont l’empreinte est la bonne.

    Codes de sortie : 0 tout est réparé ; 1 il en reste.
    """
    from awards_app.services.storage_check import restore_files

    damaged, mended = restore_files(folder)
    answer(
        as_json,
        {"ok": damaged == mended, "damaged": damaged, "mended": mended},
        f"{damaged} fichiers abîmés, {mended} remis depuis {folder}.",
    )
    return 0 if damaged == mended else REFUSED


@files.command("scan")
@ready
def scan(as_json: bool) -> int:
    """Faire relire tous les fichiers par l’antivirus configuré (AWARDS_CLAMD_URL).

    Codes de sortie : 0 aucun virus ; 1 des fichiers sont mis en quarantaine ; 2 aucun antivirus n’est configuré.
    """
    from awards_app.adapters.antivirus import is_configured
    from awards_app.services.scans import rescan_old, scan_waiting

    if not is_configured():
        raise click.UsageError("Aucun antivirus n’est configuré : donnez AWARDS_CLAMD_URL.")
    settled = scan_waiting(now())
    infected = rescan_old(now(), everything=True)
    answer(
        as_json,
        {"ok": infected == 0, "settled": settled, "infected": infected},
        f"{settled} fichiers en attente analysés, {infected} mis en quarantaine.",
    )
    return REFUSED if infected else 0


@files.command("draw")
@ready
def draw(as_json: bool) -> None:
    """Dessiner ici les aperçus qui manquent."""
    from awards_app.services.previews import draw_waiting

    drawn = draw_waiting(now())
    answer(as_json, {"ok": True, "drawn": drawn}, f"{drawn} aperçus faits.")


@files.command("original")
@click.argument("attachment")
@click.option("--reason", required=True, help="Pourquoi il est ouvert : inscrit au journal.")
@click.option("--out", type=click.Path(path_type=Path), required=True, help="Fichier à écrire.")
@ready
def original(attachment: str, reason: str, out: Path, as_json: bool) -> None:
    """Écrire l’original scellé d’un fichier, tel qu’il a été envoyé, pour enquêter sur un incident."""
    from awards_app.services.storage_check import open_sealed_original

    name, content = open_sealed_original(OPERATOR, attachment, reason, now())
    out.write_bytes(content)
    answer(
        as_json,
        {"ok": True, "file": str(out), "name": name},
        f"Écrit : {out}. Ce fichier n’est pas nettoyé : ouvrez-le avec précaution.",
    )
