"""A jury of one juror and ten files, laid in the folder of a server, for the journeys of jurors in a browser."""

import json
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from tests.cases.server import ROOT, settings
from tests.journeys.filing_site import Site

PASSWORD = "un mot de passe assez long"
FILES = [f"{number:02d}" for number in range(1, 10)]
RECUSED = "10"
PEOPLE = {"Jeanne": "jeanne@jury-jeanne.exemple", "Paul": "paul@jury-paul.exemple"}


@contextmanager
def a_jury_site(module: str = "tests.journeys.juror_site") -> Iterator[tuple[Site, dict[str, Any]]]:
    """Start a server on the jury that ``module`` lays (one that scores); give it with the keys of its seats."""
    with TemporaryDirectory(prefix="awards-jury-") as folder:
        site = Site(Path(folder))
        made = subprocess.run(
            [sys.executable, "-m", module],
            cwd=ROOT,
            env=settings(site.folder, site.url),
            capture_output=True,
            text=True,
            check=False,
        )
        if made.returncode:
            raise RuntimeError(made.stderr[-3000:])
        site.start()
        try:
            yield site, json.loads(made.stdout.splitlines()[-1])
        finally:
            site.kill()


def lay() -> dict[str, Any]:
    """Fill the database of this environment: nine files without a tie, one from which the juror stands aside."""
    from flask_migrate import upgrade

    from awards_app.adapters.clock import set_clock
    from awards_app.app import create_app
    from awards_app.services.accounts import ensure_account
    from tests.jury_world import BEFORE, SCORING, a_round, add_file, add_seat, declare

    app = create_app()
    with app.app_context():
        upgrade()
        set_clock(SCORING)
        world = a_round()
        for name, address in PEOPLE.items():
            ensure_account(address, name, BEFORE, password=PASSWORD, confirmed=True)
            add_seat(world, name, "chair" if name == "Paul" else "juror", email=address)
        for name in (*FILES, RECUSED):
            add_file(world, name)
        for juror in PEOPLE:
            for name in (*FILES, RECUSED):
                aside = juror == "Jeanne" and name == RECUSED
                declare(world, juror, name, "recused" if aside else "none")
    return {"seats": world.seats, "files": world.files, "people": PEOPLE, "round": world.round_key}


if __name__ == "__main__":
    print(json.dumps(lay()))
