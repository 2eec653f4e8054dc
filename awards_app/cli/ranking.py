"""`awards ranking`: the exact ranking of a locked round."""

from typing import TYPE_CHECKING

import click

from awards_app.adapters.clock import now
from awards_app.cli.ready import OPERATOR, answer, ready, table

if TYPE_CHECKING:
    from awards_app.queries.ranking import StandingLine


@click.group()
def ranking() -> None:
    """Le classement d’un tour verrouillé."""


@ranking.command("show")
@click.option("--edition", "year", type=int, help="Année ; sinon l’édition en cours.")
@click.option("--region", required=True, metavar="CODE", help="Code de la région, ou « national ».")
@click.option("--theme", metavar="CODE", help="Une seule thématique.")
@ready
def show(year: int | None, region: str, theme: str | None, as_json: bool) -> None:
    """Montrer le classement exact : rangs 1-2-2-4, moyennes en fractions.

    La lecture est inscrite au journal. Codes de sortie : 0 montré ; 1 pas encore verrouillé, ou pas de tel tour ; 2 la base
    est à corriger.
    """
    from awards_app.services.ranking_reading import read_ranking

    found = read_ranking(OPERATOR, year, region, now())
    if theme is not None and theme not in found.lines:
        raise click.UsageError(f"Pas de thématique « {theme} » ; il y a : {', '.join(found.lines)}.")
    kept = {code: lines for code, lines in found.lines.items() if theme in (None, code)}
    value = {
        "year": found.year,
        "region": region,
        "sha256": found.sha256,
        "themes": {code: [_standing(line) for line in lines] for code, lines in kept.items()},
    }
    text = []
    for code, lines in kept.items():
        rows: list[tuple[object, ...]] = [
            (
                line.rank if line.rank is not None else "–",
                "ex æquo" if line.is_tied else "",
                line.number,
                line.structure,
                line.shown,
                _exact(line),
                line.readers,
                line.note,
            )
            for line in lines
        ]
        text += [
            f"Thématique {code}",
            *table(("Rang", "", "Numéro", "Structure", "Moyenne", "Exacte", "Lectures", ""), rows),
            "",
        ]
    answer(as_json, value, *text, f"Empreinte de l’instantané : {found.sha256}")


def _standing(line: "StandingLine") -> dict[str, object]:
    return {
        "rank": line.rank,
        "tied": line.is_tied,
        "number": line.number,
        "structure": line.structure,
        "score": _exact(line),
        "shown": line.shown,
        "readers": line.readers,
        "withdrawn": line.is_withdrawn,
        "note": line.note,
    }


def _exact(line: "StandingLine") -> str | None:
    return None if line.score is None else f"{line.score.numerator}/{line.score.denominator}"
