"""The queue: jobs named under `awards_app.jobs`, plain values as arguments, RQ on any Redis or on the embedded Valkey.

A queue that cannot be reached never stops a person: the job waits as a row in the database, and the sweep enqueues it later.
"""

import functools
import logging
import re
from collections.abc import Callable
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Any, ParamSpec, TypeVar

from flask import Flask, current_app

from awards_app.adapters.queue_server import EmbeddedServer, socket_address, start_embedded_server

if TYPE_CHECKING:
    from redis import Redis

__all__ = [
    "EmbeddedServer",
    "connection",
    "enqueue",
    "in_app_context",
    "is_idle",
    "start_embedded_server",
    "start_queue",
]

QUEUE = "awards"
JOBS = "awards_app.jobs"
LONGEST_SECONDS = 600
PATIENCE_SECONDS = 2.0
NAME = re.compile(r"[a-z][a-z0-9_]*(\.[a-z][a-z0-9_]*)+")

P = ParamSpec("P")
R = TypeVar("R")

log = logging.getLogger(__name__)


def start_queue(app: Flask) -> None:
    """Settle ``REDIS_URL``: as given, else the embedded server's socket under the instance folder, else none in tests."""
    if not app.config.get("REDIS_URL") and app.config["AWARDS_MODE"] in {"demo", "development"}:
        app.config["REDIS_URL"] = socket_address(Path(app.config["AWARDS_INSTANCE"]))


def connection() -> "Redis":
    """Return the client of the current app's ``REDIS_URL``, made once an app; connects when first used.

    Raises RuntimeError when no queue is configured.
    """
    app = current_app._get_current_object()  # type: ignore[attr-defined]  # the proxy's own way to its object
    if not app.config.get("REDIS_URL"):
        raise RuntimeError("REDIS_URL is empty: no queue is configured")
    if "awards_queue" not in app.extensions:
        app.extensions["awards_queue"] = connect(app.config["REDIS_URL"], PATIENCE_SECONDS)
    client: Redis = app.extensions["awards_queue"]
    return client


def connect(url: str, patience: float | None = None) -> "Redis":
    """Return a client of ``url`` that gives up after ``patience`` seconds (None: a worker's, that waits)."""
    from redis import Redis
    from redis.backoff import NoBackoff
    from redis.retry import Retry

    if patience is None:
        return Redis.from_url(url)
    return Redis.from_url(
        url, socket_connect_timeout=patience, socket_timeout=patience, retry=Retry(NoBackoff(), 0)
    )


def enqueue(job_name: str, *arguments: str | int) -> bool:
    """Ask a worker to call ``awards_app.jobs.<job_name>(*arguments)``; return whether the queue took it.

    Raises TypeError for an argument that is not a str or an int, ValueError for a name that is not ``module.function``.
    A queue that is not configured or cannot be reached is logged and answered False.
    """
    if not NAME.fullmatch(job_name):
        raise ValueError(f"a job is named module.function under {JOBS}, not {job_name!r}")
    for argument in arguments:
        if type(argument) not in (str, int):
            raise TypeError(f"a job takes str and int, not {type(argument).__name__}")
    if not current_app.config.get("REDIS_URL"):
        log.debug("no queue configured: %s waits in the database", job_name)
        return False
    from redis.exceptions import RedisError
    from rq import Queue

    try:
        queue = Queue(QUEUE, connection=connection(), default_timeout=LONGEST_SECONDS)
        queue.enqueue_call(f"{JOBS}.{job_name}", args=arguments, result_ttl=0, failure_ttl=7 * 24 * 3600)
    except (RedisError, OSError) as error:
        log.warning("the queue cannot be reached (%s): %s waits in the database", error, job_name)
        return False
    return True


def is_idle() -> bool:
    """Say whether nothing waits in the queue; a queue that is not configured or cannot be reached is not idle."""
    if not current_app.config.get("REDIS_URL"):
        return False
    from redis.exceptions import RedisError
    from rq import Queue

    try:
        return len(Queue(QUEUE, connection=connection())) == 0
    except (RedisError, OSError):
        return False


def in_app_context(job: Callable[P, R]) -> Callable[P, R]:
    """Give each call of ``job`` a fresh context of the current app, else of the app this process works for."""

    @functools.wraps(job)
    def run(*arguments: P.args, **named: P.kwargs) -> R:
        app = current_app._get_current_object() if current_app else work_app()  # type: ignore[attr-defined]  # as above
        with app.app_context():
            return job(*arguments, **named)

    return run


@functools.cache
def work_app() -> Flask:
    """Return the app of this process, made once: a worker makes it before it forks for its jobs."""
    create_app: Callable[[], Flask] = import_module("awards_app").create_app
    return create_app()


def working_queue(url: str) -> tuple[Any, "Redis"]:
    """Return RQ's queue and the patient connection that a worker listens on."""
    from rq import Queue

    client = connect(url)
    return Queue(QUEUE, connection=client, default_timeout=LONGEST_SECONDS), client
