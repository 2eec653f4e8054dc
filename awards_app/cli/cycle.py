"""`awards cycle`: where an edition stands; rehearse one."""

import importlib
from datetime import datetime
from typing import TYPE_CHECKING, Any

import click

from awards_app.adapters.clock import now
from awards_app.cli.ready import OPERATOR, answer, ready, table

if TYPE_CHECKING:
    from awards_app.queries.staff import StaffRound


class CycleGroup(click.Group):
    """Its commands, with the rehearsal imported only when it is called or listed."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Name the commands."""
        return ["status", "rehearse"]

    def get_command(self, ctx: click.Context, name: str) -> click.Command | None:
        """Import the rehearsal from its own module."""
        if name == "rehearse":
            command: click.Command = importlib.import_module("awards_app.cli.rehearse").rehearse
            return command
        return super().get_command(ctx, name)


@click.group(cls=CycleGroup)
def cycle() -> None:
    """Le cycle : où en est une édition, et la répéter sans risque."""


@cycle.command("status")
@click.option("--edition", "year", type=int, help="Année ; sinon l’édition en cours.")
@ready
def status(year: int | None, as_json: bool) -> None:
    """Dire où en est chaque tour : phase, candidatures, jury, ce qui attend.

    Codes de sortie : 0 dit ; 1 pas d’édition de cette année ; 2 la base est à corriger.
    """
    from awards_app.domain.phases import phase_label
    from awards_app.queries.settings import edition_for
    from awards_app.queries.staff import rounds_of_year

    edition = edition_for(year)
    at = now()

    found = rounds_of_year(OPERATOR, edition.year, at)
    rounds = [_round_line(place, at) for place in found]
    header = ("Tour", "Phase", "Déposées", "À examiner", "Jugées", "Jury", "Ont terminé", "Certificats")
    rows = [
        (
            each["name"],
            phase_label(place.phase, is_national=place.is_national)
            if place.takes_part
            else "ne prend pas part",
            each["submitted"],
            each["undecided"],
            each["files"],
            each["jurors"],
            each["finished"],
            each["certificates"],
        )
        for place, each in zip(found, rounds, strict=True)
    ]
    answer(
        as_json,
        {"year": edition.year, "name": edition.name, "now": at.isoformat(), "rounds": rounds},
        f"{edition.name}, le {at:%d/%m/%Y à %H:%M} UTC",
        *table(header, rows),
    )


def _round_line(place: "StaffRound", at: datetime) -> dict[str, Any]:
    from awards_app.domain.coordination import due_step, waiting_of

    counts = place.counts
    step = due_step(
        place.phase,
        counts,
        at,
        scoring_closes_at=place.scoring_closes_at,
        armed=place.armed,
    )
    return {
        "region": place.region_code or "national",
        "name": place.region_name or "Jury national",
        "phase": place.phase.value,
        "takes_part": place.takes_part,
        "drafts": counts.drafts,
        "submitted": counts.submitted,
        "undecided": counts.undecided,
        "files": counts.files,
        "jurors": counts.seats,
        "finished": counts.finished_jurors,
        "certificates": counts.certificates,
        "waiting": {kind.value: number for kind, number in waiting_of(place.phase, counts)},
        "next": step.value if step else None,
        "closes_at": place.closes_at.isoformat() if place.closes_at else None,
        "embargo_at": place.embargo_at.isoformat() if place.embargo_at else None,
    }
