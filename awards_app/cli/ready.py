"""What every command of an edition shares: a usable database, answers for machines, care in production."""

import functools
import json
import sys
from collections.abc import Callable, Sequence
from typing import Any

import click
from flask import current_app
from flask.cli import with_appcontext

from awards_app.domain.holder import HeldGrant, Holder
from awards_app.domain.refusals import Refusal

# Who acts at the shell: the operator of the machine, with the rights of the national staff and of the auditor.
OPERATOR = Holder(
    account_id=0,
    key="operator",
    name="",
    email="",
    grants=(HeldGrant("national_staff", None), HeldGrant("auditor", None)),
)
DONE, REFUSED, UNUSABLE = 0, 1, 2

Command = Callable[..., int | None]


def ready(command: Command) -> Callable[..., None]:
    """Give a command its app and its `--json`, and make of what it returns the exit code.

    A refusal is one sentence (or one JSON line) and exit code 1; a database that cannot be used, 2.
    """

    @click.option("--json", "as_json", is_flag=True, help="Répondre en JSON, pour une machine.")
    @with_appcontext
    @functools.wraps(command)
    def run(*arguments: Any, **named: Any) -> None:
        as_json = bool(named.get("as_json"))
        prepare_database(as_json)
        try:
            code = command(*arguments, **named)
        except Refusal as refusal:
            _say_no(refusal, as_json)
            sys.exit(REFUSED)
        sys.exit(code or DONE)

    return run


def prepare_database(as_json: bool) -> None:
    """See to a usable database: make the embedded one the first time; exit with 2 and a sentence otherwise."""
    from awards_app.services.readiness import check_database, make_embedded_database

    try:
        if make_embedded_database():
            click.echo(f"Base de données créée dans {current_app.config['AWARDS_INSTANCE']}.", err=True)
        check_database()
    except Refusal as refusal:
        _say_no(refusal, as_json)
        sys.exit(UNUSABLE)


def _say_no(refusal: Refusal, as_json: bool) -> None:
    if as_json:
        click.echo(json.dumps({"ok": False, "message": str(refusal)}, ensure_ascii=False))
    else:
        click.echo(str(refusal), err=True)


def answer(as_json: bool, value: Any, *lines: str) -> None:
    """Print the lines for a person, or the value for a machine."""
    if as_json:
        click.echo(json.dumps(value, ensure_ascii=False))
    else:
        for line in lines:
            click.echo(line)


def confirm_in_production(name: str, given: str | None) -> None:
    """Ask for the edition's name before writing to a production platform; exit with 2 when it is not typed.

    ``given`` is the value of ``--confirm``, for scripts.
    """
    if current_app.config["AWARDS_MODE"] != "production":
        return
    typed = given
    if typed is None and sys.stdin.isatty():
        typed = click.prompt(f"Plateforme de production. Tapez « {name} » pour continuer", err=True)
    if typed != name:
        click.echo(
            f'Plateforme de production\u00a0: confirmez par --confirm "{name}". Rien n’est fait.', err=True
        )
        sys.exit(UNUSABLE)


confirm_option = click.option(
    "--confirm", metavar="NOM", help="En production : le nom de l’édition, pour écrire sans être interrogé."
)


def table(header: tuple[str, ...], rows: Sequence[tuple[object, ...]]) -> list[str]:
    """Return the lines of a table with its columns aligned."""
    shown = [header, *[tuple("" if cell is None else str(cell) for cell in row) for row in rows]]
    widths = [max(len(row[place]) for row in shown) for place in range(len(header))]
    return [
        "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip()
        for row in shown
    ]
