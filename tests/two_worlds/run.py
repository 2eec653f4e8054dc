"""The whole set: every secret, every phase, every subject, every address in every way; or some secrets by name.

The reduced set plays each secret in one phase only, that of its control, and follows few links.
"""

import sys
import tempfile
import time
from pathlib import Path

from tests.conftest import _migrate
from tests.two_worlds.collecting import lay
from tests.two_worlds.comparing import Report, compare
from tests.two_worlds.keys import written_keys
from tests.two_worlds.script import SECRETS
from tests.world import hooked_app

SHOWN = 20


def main(words: list[str]) -> int:
    """Play the secrets named in ``words`` (all without one; ``--reduced`` asks less), print each; 1 when one leaks."""
    whole = "--reduced" not in words
    names = [word for word in words if not word.startswith("--")]
    failed = 0
    with tempfile.TemporaryDirectory(prefix="awards-worlds-") as place:
        folder = Path(place)
        url = f"sqlite:///{folder / 'worlds.sqlite'}"
        _migrate(url, folder)
        with hooked_app(url, folder) as app:
            with written_keys():
                lay(app, folder, "P7")
            for secret in SECRETS:
                if names and secret.name not in names:
                    continue
                started = time.process_time()
                phases = None if whole else [secret.control[1]]
                report = compare(app, folder, secret, phases=phases, whole=whole)
                failed += _say(report, secret.control, time.process_time() - started)
    return 1 if failed else 0


def _say(report: Report, control: tuple[str, str], seconds: float) -> int:
    """Print what a secret showed; return whether it fails."""
    blind = control not in report.knew
    words = f"{len(report.leaks)} fuite(s)" if report.leaks else "aucune fuite"
    print(f"{report.secret} : {words}, {report.requests} requêtes, {seconds:.0f} s de calcul", flush=True)
    if blind:
        print(
            f"    {' '.join(control)} ne voit aucune différence : la comparaison ne prouve rien", flush=True
        )
    for leak in report.leaks[:SHOWN]:
        print(f"    {leak[:600]}", flush=True)
    return bool(report.leaks or blind)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
