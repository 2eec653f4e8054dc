"""`awards clock`: which hour counts, and believing the machine's clock again after a jump."""

import click

from awards_app.adapters import clock as machine
from awards_app.cli.ready import OPERATOR, answer, ready
from awards_app.domain.instants_fr import instant_fr


@click.group()
def clock() -> None:
    """L’horloge : l’heure retenue, et celle de la machine."""


@clock.command("show")
@ready
def show(as_json: bool) -> int:
    """Dire l’heure retenue, et de combien la machine s’en écarte."""
    now, doubt = machine.now(), machine.doubt()
    minutes = 0 if doubt is None else round(doubt.jump.total_seconds() / 60)
    sentence = f"Heure retenue : {instant_fr(now)}."
    if doubt is not None:
        sentence += f" L’horloge de la machine s’en écarte de {minutes} minutes : elle n’est plus suivie."
    answer(as_json, {"ok": doubt is None, "now": now.isoformat(), "minutes": minutes}, sentence)
    return 0 if doubt is None else 1


@clock.command("trust")
@ready
def trust(as_json: bool) -> int:
    """Se fier à l’heure de la machine telle qu’elle est maintenant ; noté au journal."""
    from awards_app.services.clock_guard import trust_clock

    shown = trust_clock(OPERATOR)
    answer(as_json, {"ok": True, "now": shown.isoformat()}, f"Heure retenue : {instant_fr(shown)}.")
    return 0
