"""`python3 -m awards_app test --kills`: 600 certificates, two workers, twenty kills, and what is there afterwards."""

import argparse
import sys
import tempfile
from pathlib import Path

from tests.kills.certificates import Told, kill_while_printing


def main(argv: list[str]) -> int:
    """Run it on an SQLite database of its own and return 1 unless each certificate is there once, whole, told once."""
    parser = argparse.ArgumentParser(prog="test --kills")
    parser.add_argument("--count", type=int, default=600)
    parser.add_argument("--times", type=int, default=20)
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--seed", type=int, default=1)
    asked = parser.parse_args(argv)
    from flask_migrate import upgrade

    from awards_app.app import create_app
    from awards_app.paths import MIGRATIONS
    from tests.conftest import close_app

    with tempfile.TemporaryDirectory(prefix="awards-kills-") as folder:
        instance = Path(folder)
        app = create_app(
            {
                "AWARDS_MODE": "testing",
                "AWARDS_INSTANCE": folder,
                "DATABASE_URL": f"sqlite:///{instance / 'awards.sqlite'}",
                "REDIS_URL": "",
                "SECRET_KEY": "a key for the cases, longer than thirty-two characters",
            }
        )
        with app.app_context():
            upgrade(directory=str(MIGRATIONS))
        told = kill_while_printing(
            app,
            instance,
            count=asked.count,
            kills=asked.times,
            workers=asked.workers,
            seed=asked.seed,
            say=print,
        )
        close_app(app)
    print(shown(told))
    return 0 if is_right(told) else 1


def is_right(told: Told) -> bool:
    """Say whether every certificate is there once, its file whole, its people told once."""
    return (
        told.states == {"issued": told.count}
        and told.numbers == told.whole_files == told.named_files == told.count
        and len(told.letters) == told.count
        and set(told.letters.values()) == {1}
    )


def shown(told: Told) -> str:
    """Return what was found, for a person."""
    return "\n".join(
        (
            f"{told.count} certificates, {len(told.kills)} kills: {'right' if is_right(told) else 'WRONG'}",
            f"states {told.states}, {told.numbers} numbers, {told.whole_files} whole files, "
            f"{told.orphans} files that nothing names",
            f"{len(told.letters)} people told, the most told {max(told.letters.values(), default=0)} times",
            f"{told.seconds:.1f} s, {told.per_second:.1f} a second, stops included",
            f"memory: a worker {told.worker_mib:.0f} MiB, what it starts {told.started_mib:.0f} MiB "
            f"(first third {told.first_mib:.0f}, last third {told.last_mib:.0f})",
        )
    )


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
