"""Whether the database can be used: at head, and with what a command needs in it."""

from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from flask import current_app
from flask_migrate import upgrade
from sqlalchemy.exc import OperationalError

from awards_app.database import db
from awards_app.domain.refusals import Refusal
from awards_app.domain.words import N_
from awards_app.paths import MIGRATIONS


class DatabaseIsAbsent(Refusal):
    """The database does not answer."""

    sentence = N_("La base de données ne répond pas : vérifiez DATABASE_URL, ou qu’elle est démarrée.")
    status = 503


class DatabaseIsBehind(Refusal):
    """The tables are not those of this version."""

    sentence = N_("La base de données n’est pas à jour : lancez « awards db upgrade », puis recommencez.")
    status = 503


def check_database() -> None:
    """Return when the database answers and is at head; raise `DatabaseIsAbsent` or `DatabaseIsBehind`."""
    if _revisions() != set(ScriptDirectory(str(MIGRATIONS)).get_heads()):
        raise DatabaseIsBehind


def make_embedded_database() -> bool:
    """Make the tables of the embedded database when it has none yet; return whether it did.

    A database named by DATABASE_URL, and any in production, is left to its operator.
    """
    embedded = not current_app.config["DATABASE_URL"] and current_app.config["AWARDS_MODE"] != "production"
    if not embedded or _revisions():
        return False
    upgrade(directory=str(MIGRATIONS))
    return True


def _revisions() -> set[str]:
    try:
        with db.engine.connect() as connection:
            return set(MigrationContext.configure(connection).get_current_heads())
    except OperationalError:
        raise DatabaseIsAbsent from None
