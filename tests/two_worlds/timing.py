"""How long refusals take: interleaved pairs, a forbidden thing against one that is not there.

    python -m tests.two_worlds.timing 2000

Prints, by pair, both medians in milliseconds, their difference in hundredths, and the shift between the two samples
as a part of their spread (of the median absolute deviations, which a slow moment of the machine hardly moves). A figure
to read on a quiet machine, never a test of the suite.
"""

import random
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from statistics import median
from typing import Any

from tests.conftest import _migrate
from tests.two_worlds.collecting import lay
from tests.world import hooked_app

NOWHERE = "AAAAAAAAAAAAAAAAAAAAAA"
# From a median absolute deviation to the standard deviation of a normal law.
TO_DEVIATION = 1.4826
Ask = Callable[[], Any]


def pairs_of(app: Any, world: dict[str, Any]) -> dict[str, tuple[Ask, Ask]]:
    """Return the pairs of requests that must take as long."""
    member, visitor = app.test_client(), app.test_client()
    person = world["people"]["CM"]
    member.post("/compte/connexion", data={"email": person["email"], "password": person["password"]})
    seat, round_key = world["seats"]["RJ"], world["rounds"]["A"]
    hidden = {
        "a file": ("/candidatures/{}", world["candidacies"]["other"]),
        "a paper": (
            "/candidatures/" + world["candidacies"]["main"] + "/pieces/{}",
            world["attachments"]["other_photos"],
        ),
        "a seat": ("/jury/{}", seat),
        "a round": ("/coordination/{}/classement", round_key),
        "a structure": ("/structure/{}", world["structures"]["other"]),
        "a certificate": ("/certificats/{}", "ESS-0000-0000-0000-0000"),
    }
    found: dict[str, tuple[Ask, Ask]] = {
        name: (
            lambda path=path, key=key: member.get(path.format(key)),
            lambda path=path: member.get(path.format(NOWHERE)),
        )
        for name, (path, key) in hidden.items()
    }
    for name, path in (
        ("a link by mail", "/compte/lien"),
        ("a lost password", "/compte/mot-de-passe-oublie"),
    ):
        found[name] = (
            lambda path=path: visitor.post(path, data={"email": person["email"]}),
            lambda path=path: visitor.post(path, data={"email": "personne@nulle.example"}),
        )
    found["a sign-in"] = (
        lambda: visitor.post(
            "/compte/connexion", data={"email": person["email"], "password": "ce n’est pas lui"}
        ),
        lambda: visitor.post(
            "/compte/connexion", data={"email": "personne@nulle.example", "password": "ni lui"}
        ),
    )
    return found


def measured(first: Ask, second: Ask, count: int) -> tuple[float, float, float, float]:
    """Return both medians in ms, their relative difference, and the shift in deviations."""
    times: tuple[list[float], list[float]] = ([], [])
    for _ in range(count):
        for place, ask in random.sample([(0, first), (1, second)], 2):
            started = time.thread_time()
            ask()
            times[place].append(1000 * (time.thread_time() - started))
    one, other = median(times[0]), median(times[1])
    spread = max(
        median(abs(each - middle) for each in sample)
        for sample, middle in zip(times, (one, other), strict=True)
    )
    return one, other, (one - other) / other, (one - other) / (TO_DEVIATION * spread)


def main(words: list[str]) -> int:
    """Print the figures of each pair."""
    count = int(words[0]) if words else 2000
    with tempfile.TemporaryDirectory(prefix="awards-timing-") as place:
        folder = Path(place)
        url = f"sqlite:///{folder / 'worlds.sqlite'}"
        _migrate(url, folder)
        with hooked_app(url, folder) as app:
            world = lay(app, folder, "P4")
            for name, (first, second) in pairs_of(app, world).items():
                one, other, part, shift = measured(first, second, count)
                print(
                    f"{name:18} {one:8.2f} {other:8.2f} ms  {100 * part:+6.1f} %  {shift:+6.2f} sd",
                    flush=True,
                )
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
