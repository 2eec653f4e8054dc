"""The one door: ``python3 -m awards_app COMMAND``."""

import sys


def main() -> None:
    """See to the environment, then hand over to the commands."""
    from awards_app import _bootstrap

    _bootstrap.enter(sys.argv[1:])
    from awards_app.cli import main as commands

    commands()


if __name__ == "__main__":
    main()
