"""The commands: ``python3 -m awards_app COMMAND``, written ``awards COMMAND`` in the documentation.

Each command lives in a module of this folder and is imported only when it is called or listed.
"""

import importlib
import importlib.util
import sys
from typing import Any

import click
from flask.cli import FlaskGroup, ScriptInfo

from awards_app.domain.refusals import Refusal

# Section of the help → (name of the command, "module:attribute" in this folder). Add yours here.
COMMANDS: tuple[tuple[str, tuple[tuple[str, str], ...]], ...] = (
    ("Essayer et vérifier", (("demo", "serve:demo"), ("test", "test:test"), ("bench", "bench:bench"))),
    (
        "Faire tourner",
        (
            ("serve", "serve:serve"),
            ("worker", "serve:worker"),
            ("scheduler", "serve:scheduler"),
            ("accounts", "accounts:accounts"),
            ("files", "files:files"),
            ("clock", "clock:clock"),
        ),
    ),
    (
        "Mener une édition",
        (
            ("editions", "editions:editions"),
            ("candidacies", "candidacies:candidacies"),
            ("cycle", "cycle:cycle"),
            ("ranking", "ranking:ranking"),
            ("results", "results:results"),
            ("certificates", "certificates:certificates"),
            ("honours", "honours:honours"),
            ("journal", "journal:journal"),
        ),
    ),
)
ADDRESSES: dict[str, str] = {name: address for _, commands in COMMANDS for name, address in commands}
FLASK_HELP = {
    "db": "Migrer la base de données (Alembic).",
    "routes": "Lister les adresses.",
    "shell": "Ouvrir un interpréteur.",
}

HELP = """Plateforme du Prix de l’ESS.

S’écrit « python3 -m awards_app COMMANDE » depuis le dossier du projet ; l’environnement est préparé au premier
lancement. Les réglages se lisent dans l’environnement : config.py décrit chacun d’eux.

Pour commencer : « python3 -m awards_app demo », puis http://127.0.0.1:8000.

Codes de sortie : 0 c’est fait ; 1 une vérification ou une règle dit non ; 2 la demande ou la machine est à corriger.
"""


class AwardsGroup(FlaskGroup):
    """Flask's group of commands, with ours found by name and listed by section."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Name our commands in the order of the help, then those of Flask."""
        return [*(name for name in ADDRESSES if _module_exists(name)), *sorted(FLASK_HELP)]

    def get_command(self, ctx: click.Context, name: str) -> click.Command | None:
        """Import the command when it is one of ours; ask Flask otherwise."""
        if name in ADDRESSES and _module_exists(name):
            module, attribute = ADDRESSES[name].split(":")
            command: click.Command = getattr(importlib.import_module(f"awards_app.cli.{module}"), attribute)
            return command
        return super().get_command(ctx, name)

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the commands under the headings of their sections."""
        for section, commands in COMMANDS:
            rows = []
            for name, _ in commands:
                command = self.get_command(ctx, name) if _module_exists(name) else None
                if command is not None:
                    rows.append((name, command.get_short_help_str(limit=90)))
            _write(formatter, section, rows)
        _write(formatter, "Outils de Flask", sorted(FLASK_HELP.items()))


def _write(formatter: click.HelpFormatter, section: str, rows: list[tuple[str, str]]) -> None:
    if rows:
        with formatter.section(section):
            formatter.write_dl(rows)


def _module_exists(name: str) -> bool:
    return importlib.util.find_spec(f"awards_app.cli.{ADDRESSES[name].split(':')[0]}") is not None


def _create_app() -> Any:
    from awards_app.app import create_app

    return create_app()


awards = AwardsGroup(
    name="awards",
    help=HELP,
    create_app=_create_app,
    add_version_option=False,
    set_debug_flag=False,
    load_dotenv=False,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 110},
)

# Flask's own options (--app, --env-file, --debug) have no meaning behind this door.
awards.params = []


def main(arguments: list[str] | None = None) -> None:
    """Run one command; a refusal becomes its sentence and exit code 1."""
    try:
        awards.main(
            args=arguments, prog_name="awards", obj=ScriptInfo(create_app=_create_app, set_debug_flag=False)
        )
    except Refusal as refusal:
        print(refusal, file=sys.stderr)
        sys.exit(1)
