"""Runs the bench: a temporary instance, the two servers, the rounds, one `Measure` a job."""

import logging
import shutil
import tempfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from flask import Flask
from sqlalchemy import event
from werkzeug.exceptions import HTTPException

from awards_app.app import create_app
from awards_app.database import db, settle_statistics
from awards_app.paths import MIGRATIONS, ROOT
from tests.bench import papers
from tests.bench.callers import Browser, Inside, NotAsExpected, OverHttp
from tests.bench.fill import READERS, Filled, fill, set_phase
from tests.bench.jobs import CERTIFICATE, JOBS, MEMORY, SIGNED, Job, Turn
from tests.bench.measures import Measure, Spread
from tests.bench.processes import WebServer, cpu_ms, start_web, tree
from tests.postgres import PostgresServer, start_server, stop_server

KEY = "the key of the bench, which is longer than thirty-two characters"
WARM_UP = 6
MOST_REQUESTS = 400
NOT_THERE = "pas encore là"


@dataclass
class Bench:
    """A run on one database: where it is, whom to ask, what was filled."""

    files: int
    database: str
    rounds: int
    batch_ms: float
    say: Callable[[str], None]
    app: Flask
    filled: Filled
    ours: WebServer
    floor: WebServer
    database_pid: int | None
    turns: dict[tuple[str, str], Turn] = field(default_factory=dict)

    def pids(self, side: str) -> list[int]:
        """Return the processes that work for a side: its web server and the database's."""
        web = self.ours.pids if side == "ours" else self.floor.pids
        return web + (tree(self.database_pid) if self.database_pid else [])


def run(
    files: int,
    database: str,
    *,
    codes: Sequence[str],
    rounds: int = 5,
    batch_ms: float = 600.0,
    readers: int = READERS,
    say: Callable[[str], None] = lambda sentence: None,
) -> list[Measure]:
    """Measure the jobs of ``codes`` on one database; ``batch_ms`` is the CPU that one round of a job takes at least."""
    found: list[Measure] = []
    if any(job.code in codes for job in JOBS) or MEMORY[0] in codes:
        with a_bench(files, database, rounds, batch_ms, say, readers) as bench:
            found += [_measure(bench, job) for job in JOBS if job.code in codes]
            if MEMORY[0] in codes:
                found.append(_memory(bench))
    for line in (CERTIFICATE, SIGNED):
        if line[0] in codes:
            say("certificat…")
            found.append(_certificate(line, files, database, rounds))
    return found


@contextmanager
def a_bench(
    files: int, database: str, rounds: int, batch_ms: float, say: Callable[[str], None], readers: int
) -> Iterator[Bench]:
    """Fill a temporary instance and start the two servers; all is taken away at the end."""
    with ExitStack() as stack:
        folder = Path(tempfile.mkdtemp(prefix="awards-bench-"))
        stack.callback(shutil.rmtree, folder, ignore_errors=True)
        url, database_pid = f"sqlite:///{folder / 'bench.sqlite3'}", None
        if database == "postgresql":
            server = start_server()
            stack.callback(stop_server, server)
            server.execute("CREATE DATABASE bench")
            url, database_pid = server.url("bench"), _postmaster(server)
        settings = _settings(url, folder)
        say(f"{database}, {files} dossiers : remplissage…")
        app = create_app(
            {**settings, "AWARDS_PROXIES": 0, "RATELIMIT_ENABLED": False, "AWARDS_TEST_HOOKS": False}
        )
        stack.callback(_let_go, app)
        with app.app_context():
            _migrate()
            filled = fill(files, datetime.now(UTC), readers)
            settle_statistics()
            db.session.remove()
        environment = settings | {
            "AWARDS_RATE_LIMITS": "0",
            "AWARDS_PROXIES": "0",
            "AWARDS_TEST_HOOKS": "0",
            "PYTHONPATH": str(ROOT),
        }
        say("démarrage des deux serveurs…")
        ours = start_web("awards_app:create_app()", environment, folder / "ours.log")
        stack.callback(ours.stop)
        floor = start_web("tests.bench.floor.app:make()", environment, folder / "floor.log")
        stack.callback(floor.stop)
        yield Bench(files, database, rounds, batch_ms, say, app, filled, ours, floor, database_pid)


def _settings(url: str, folder: Path) -> dict[str, Any]:
    return {
        "AWARDS_MODE": "production",
        "SECRET_KEY": KEY,
        "DATABASE_URL": url,
        "AWARDS_INSTANCE": str(folder),
        "AWARDS_PUBLIC_URL": "https://prix.exemple",
        "AWARDS_HOSTS": "127.0.0.1",
        "AWARDS_SQLITE_SYNCHRONOUS": "FULL",
        "REDIS_URL": "",
    }


def _postmaster(server: PostgresServer) -> int:
    return int((server.folder / "cluster" / "postmaster.pid").read_text().splitlines()[0])


def _migrate() -> None:
    from flask_migrate import upgrade

    logging.getLogger("alembic").setLevel(logging.WARNING)
    upgrade(directory=str(MIGRATIONS))


def _let_go(app: Flask) -> None:
    with app.app_context():
        db.session.remove()
        for engine in db.engines.values():
            engine.dispose()


def _measure(bench: Bench, job: Job) -> Measure:
    bench.say(f"{job.label}…")
    line = Measure(job.code, job.label, bench.files, bench.database, job.goal)
    if not _has_landed(bench.app, job, bench.filled):
        return replace(line, problem=NOT_THERE)
    with bench.app.app_context():
        set_phase(bench.filled.round_id, job.phase)
        db.session.remove()
    with ExitStack() as stack:
        try:
            queries, size = _count_queries(bench, job)
            spent = _rounds(bench, job, stack)
        except NotAsExpected as problem:
            return replace(line, problem=str(problem))
    return replace(
        line,
        cpu=Spread(tuple(spent["ours"])),
        floor=Spread(tuple(spent["floor"])),
        queries=queries,
        bytes=size,
    )


def _rounds(bench: Bench, job: Job, stack: ExitStack) -> dict[str, list[float]]:
    """Return the CPU of a request in each round, of the platform and of the floor in turn."""
    sides = {"ours": _turn(bench, job, "ours", stack), "floor": _turn(bench, job, "floor", stack)}
    sizes = {side: _batch_size(bench, job, turn) for side, turn in sides.items()}
    spent: dict[str, list[float]] = {"ours": [], "floor": []}
    for _round in range(bench.rounds):
        for side, turn in sides.items():
            spent[side].append(_batch(bench, job, turn, sizes[side]))
    return spent


def _has_landed(app: Flask, job: Job, filled: Filled) -> bool:
    try:
        app.url_map.bind("127.0.0.1").match(job.path(filled), method=job.method)
    except HTTPException:
        return False
    return True


def _turn(bench: Bench, job: Job, side: str, stack: ExitStack) -> Turn:
    """Return a side's turn with its page open, over HTTP; what it saved inside the process goes on."""
    server = bench.ours if side == "ours" else bench.floor
    turn = bench.turns.get((job.code, side)) or Turn(Browser(OverHttp(0)), bench.filled, side)
    caller = OverHttp(server.port)
    stack.callback(caller.close)
    turn.browser = Browser(caller, _cookie(bench, job.role))
    bench.turns[job.code, side] = turn
    job.ready(turn)
    return turn


def _cookie(bench: Bench, role: str | None) -> str:
    return "" if role is None else session_cookie(bench, bench.filled.tokens[role])


def session_cookie(bench: Bench, token: str) -> str:
    """Return the cookie of a browser that is signed in with a session."""
    serializer = bench.app.session_interface.get_signing_serializer(bench.app)  # type: ignore[attr-defined]  # Flask's own
    value = serializer.dumps({"_user_id": token, "_fresh": True})
    return value.decode() if isinstance(value, bytes) else str(value)


def _count_queries(bench: Bench, job: Job) -> tuple[int, int]:
    """Return how many queries one request makes and how many bytes it answers, called in this process."""
    turn = Turn(Browser(Inside(bench.app), _cookie(bench, job.role)), bench.filled, "ours")
    bench.turns[job.code, "ours"] = turn
    job.ready(turn)
    job.once(turn)
    statements: list[str] = []

    def note(_connection: Any, _cursor: Any, statement: str, *_more: Any) -> None:
        if not statement.startswith("BEGIN"):
            statements.append(statement)

    with bench.app.app_context():
        engine = db.engine
    event.listen(engine, "before_cursor_execute", note)
    try:
        job.once(turn)
    finally:
        event.remove(engine, "before_cursor_execute", note)
    return len(statements), turn.browser.bytes


def _batch_size(bench: Bench, job: Job, turn: Turn) -> int:
    for _request in range(WARM_UP):
        job.once(turn)
    each = _batch(bench, job, turn, WARM_UP)
    return max(WARM_UP, min(MOST_REQUESTS, int(bench.batch_ms / max(each, 1.0))))


def _batch(bench: Bench, job: Job, turn: Turn, requests: int) -> float:
    """Return the CPU of one request in milliseconds, over ``requests`` of them."""
    pids = bench.pids(turn.side)
    before = cpu_ms(pids)
    for _request in range(requests):
        job.once(turn)
    return (cpu_ms(pids) - before) / requests


def _memory(bench: Bench) -> Measure:
    code, label, goal = MEMORY
    ours, floor = bench.ours.worker_mib, bench.floor.worker_mib
    return Measure(
        code,
        label,
        bench.files,
        bench.database,
        goal,
        Spread((ours,)),
        Spread((floor,)),
        bytes=int(ours * 1024 * 1024),
    )


def _certificate(line: tuple[str, str, float], files: int, database: str, rounds: int) -> Measure:
    code, label, goal = line
    ours, naive, size = papers.compare(rounds, with_signature=line is SIGNED)
    return Measure(code, label, files, database, goal, Spread(ours), Spread(naive), bytes=size)
