"""A whole edition played on given candidacies: how staff rehearse a year. The caller opens a throw-away platform."""

from collections.abc import Callable
from pathlib import Path

from awards_app.adapters.tables import read_table
from awards_app.domain.preset import Preset
from awards_app.services.rehearsal.game import Rehearsal, Step
from awards_app.services.rehearsal.play import play
from awards_app.services.rehearsal.volumes import Volumes, volumes_of, write_table

__all__ = ["Rehearsal", "Step", "Volumes", "rehearse", "volumes_of", "write_table"]


def rehearse(
    path: Path,
    out: Path,
    preset: Preset,
    year: int,
    *,
    seed: str = "1",
    region_code: str | None = None,
    say: Callable[[Step], None] = lambda step: None,
    volumes: Volumes | None = None,
) -> Rehearsal:
    """Play the edition of ``year`` on the candidacies of a table, and leave its papers in ``out``.

    With ``volumes`` the table is one that `write_table` wrote: every file is admissible, as many entries are sent up, one is
    withdrawn and replaced, and a published title is corrected.

    The same table and seed give the same honours. Raises `TableIsUnreadable` and `MappingIsInvalid`; everything is
    written to the database of the current application, which must be empty of that edition.
    """
    read_table(path)
    out.mkdir(parents=True, exist_ok=True)
    game = Rehearsal(path, seed, out, year, preset, region_code, say, volumes)
    play(game)
    return game
