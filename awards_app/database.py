"""The handle `db`, the one way to write (`atomic`), and what waits for the commit (`after_commit`).

SQLite is driven in autocommit mode and transactions are begun by us: BEGIN IMMEDIATE when writing, so that two writers
queue instead of failing half-way, BEGIN DEFERRED when reading. On PostgreSQL only `atomic` opens a transaction: a reading
outside of one is made of statements that each stand alone.
"""

from collections.abc import Callable, Hashable, Iterator, Mapping, MutableMapping, Sequence
from contextlib import contextmanager
from time import monotonic
from typing import Any

from flask import Flask
from flask_sqlalchemy import SQLAlchemy
from sqlalchemy import CursorResult, Engine, Executable, MetaData, event, text
from sqlalchemy.engine import Connection
from sqlalchemy.exc import DisconnectionError
from sqlalchemy.orm import DeclarativeBase, Session
from sqlalchemy.util import LRUCache

NAMING = {
    "ix": "ix_%(column_0_N_label)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s",
    "pk": "pk_%(table_name)s",
}


class Model(DeclarativeBase):
    """Every table's root."""

    metadata = MetaData(naming_convention=NAMING)


db = SQLAlchemy(model_class=Model, session_options={"expire_on_commit": False, "autoflush": True})

_WRITING = "awards_writing"
_DEPTH = "awards_depth"
_AFTER = "awards_after_commit"
_RESTED = "awards_rested_at"
MOST_REST_SECONDS = 5.0
MOST_STATEMENTS = 256
PLAIN = (str, int, bytes, bool, type(None))


class CompiledStatements(MutableMapping[tuple[Any, ...], Any]):
    """What SQLAlchemy compiled, which it looks for by a key; the second member of the key is what the statement says.

    That member is a tuple of thousands, hashed anew at each lookup; a statement that is a constant brings the same object each
    time. So a lookup tries the identity of that object beside the other members as they are, and only then the whole key.
    The object is held for as long as its identity is, so that no other can take it.
    """

    def __init__(self, most: int = MOST_STATEMENTS) -> None:
        self.most = most
        self._by_identity: dict[Hashable, tuple[Any, Any]] = {}
        self._by_content: LRUCache[tuple[Any, ...], Any] = LRUCache(500)

    def get(self, key: tuple[Any, ...], default: Any = None) -> Any:
        """Return what was compiled for an equal key, ``default`` when nothing was."""
        said = key[1]
        near = (id(said), key[0], *key[2:])
        known = self._by_identity.get(near)
        if known is not None:
            return known[1]
        found = self._by_content.get(key)
        if found is None:
            return default
        if len(self._by_identity) >= self.most:
            self._by_identity.clear()
        self._by_identity[near] = (said, found)
        return found

    def __getitem__(self, key: tuple[Any, ...]) -> Any:
        found = self.get(key)
        if found is None:
            raise KeyError(key)
        return found

    def __setitem__(self, key: tuple[Any, ...], compiled: Any) -> None:
        self._by_content[key] = compiled

    def __delitem__(self, key: tuple[Any, ...]) -> None:
        raise TypeError("what was compiled leaves by itself")

    def __iter__(self) -> Iterator[tuple[Any, ...]]:
        return iter(self._by_content)

    def __len__(self) -> int:
        return len(self._by_content)


_AS_COMPILED = {"compiled_cache": CompiledStatements()}


@contextmanager
def atomic() -> Iterator[Session]:
    """Open the one transaction of a service; a service inside joins it, the outermost commits.

    What was left with `after_commit` runs once the commit is done, in order; nothing of it runs after a rollback.
    """
    session = db.session()
    depth = session.info.get(_DEPTH, 0)
    if depth:
        session.info[_DEPTH] = depth + 1
        try:
            yield session
        finally:
            session.info[_DEPTH] = depth
        return
    if session.new or session.dirty or session.deleted:
        raise RuntimeError("rows were changed outside of atomic()")
    session.rollback()
    session.info.update({_DEPTH: 1, _AFTER: []})
    try:
        session.connection(execution_options=_writing())
        yield session
        session.commit()
    except BaseException:
        session.rollback()
        session.info[_AFTER] = []
        raise
    finally:
        session.info[_DEPTH] = 0
    for act, arguments in session.info.pop(_AFTER, []):
        act(*arguments)


def _writing() -> dict[str, Any]:
    """Return the options of a connection that writes: PostgreSQL's read each statement alone otherwise."""
    return {_WRITING: True} | ({"isolation_level": "READ COMMITTED"} if is_postgresql() else {})


def after_commit(act: Callable[..., Any], *arguments: object) -> None:
    """Leave ``act(*arguments)`` to be done when the transaction has committed.

    Raises TypeError for an argument that is not a plain value: a row would be stale by then.
    """
    for argument in arguments:
        if not isinstance(argument, PLAIN):
            raise TypeError(f"after_commit takes plain values, not {type(argument).__name__}")
    session = db.session()
    if not session.info.get(_DEPTH):
        raise RuntimeError("after_commit outside of atomic()")
    session.info[_AFTER].append((act, arguments))


def read(statement: Executable, values: Mapping[str, Any] | None = None) -> Sequence[Any]:
    """Return the rows of a reading of plain columns, as the session would, without what it does for entities.

    A third cheaper than ``session.execute``: for the readings that each request makes.
    """
    return run(statement, values).all()


def run(
    statement: Executable, values: Mapping[str, Any] | Sequence[Mapping[str, Any]] | None = None
) -> CursorResult[Any]:
    """Run a statement on tables in the session's transaction and return its result; what waits to be written goes first."""
    session = db.session()
    session.flush()
    return session.connection().execute(statement, values, execution_options=_AS_COMPILED)


def is_postgresql() -> bool:
    """Say whether the database is PostgreSQL."""
    return db.engine.dialect.name == "postgresql"


def settle_statistics() -> None:
    """Let PostgreSQL know what the tables hold after a bulk load, outside of any transaction."""
    if is_postgresql():
        with db.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            connection.execute(text("VACUUM ANALYZE"))


def start_database(app: Flask) -> None:
    """Attach the handle to ``app`` and teach SQLite our way of transactions."""
    db.init_app(app)
    with app.app_context():
        if db.engine.dialect.name == "sqlite":
            _teach_sqlite(db.engine, app.config["AWARDS_SQLITE_SYNCHRONOUS"])
        else:
            _try_after_rest(db.engine)


def _try_after_rest(engine: Engine) -> None:
    """Try a connection that rested before it is used again; a server that restarted meanwhile is connected to anew.

    Trying at each request would cost it a round trip.
    """

    @event.listens_for(engine, "checkin")
    def rest(_connection: Any, record: Any) -> None:
        record.info[_RESTED] = monotonic()

    @event.listens_for(engine, "checkout")
    def awake(connection: Any, record: Any, _proxy: Any) -> None:
        if monotonic() - record.info.get(_RESTED, monotonic()) > MOST_REST_SECONDS:
            try:
                engine.dialect.do_ping(connection)
            except engine.dialect.loaded_dbapi.Error as error:
                raise DisconnectionError from error


def _teach_sqlite(engine: Engine, synchronous: str) -> None:
    @event.listens_for(engine, "connect")
    def connect(connection: Any, _record: Any) -> None:
        connection.isolation_level = None
        cursor = connection.cursor()
        for pragma in (
            "journal_mode=WAL",
            f"synchronous={'FULL' if synchronous.upper() == 'FULL' else 'NORMAL'}",
            "foreign_keys=ON",
            "busy_timeout=15000",
        ):
            cursor.execute(f"PRAGMA {pragma}")
        cursor.close()

    @event.listens_for(engine, "begin")
    def begin(connection: Connection) -> None:
        writing = connection.get_execution_options().get(_WRITING, False)
        connection.exec_driver_sql("BEGIN IMMEDIATE" if writing else "BEGIN DEFERRED")
