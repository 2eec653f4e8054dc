"""`serve`, `worker`, `scheduler` and `demo`: what keeps running."""

import contextlib
import logging
import os
import signal
import sys
import threading
from types import FrameType

import click
from flask import current_app
from flask.cli import with_appcontext

SWEEP_SECONDS = 2.0


@click.command()
@click.option("--host", default="127.0.0.1", show_default=True, help="Adresse d’écoute.")
@click.option("--port", default=8000, show_default=True, type=click.IntRange(1, 65535), help="Port d’écoute.")
@click.option(
    "--workers", default=2, show_default=True, type=click.IntRange(1, 64), help="Nombre de processus."
)
@click.option(
    "--threads", default=4, show_default=True, type=click.IntRange(1, 64), help="Fils par processus."
)
@with_appcontext
def serve(host: str, port: int, workers: int, threads: int) -> None:
    """Servir le site (gunicorn)."""
    from awards_app.cli.ready import prepare_database
    from awards_app.cli.web_server import web_words

    prepare_database(as_json=False)
    os.execv(sys.executable, web_words(host, port, workers, threads))


@click.command()
@click.option("--burst", is_flag=True, help="S’arrêter quand la file est vide.")
def worker(burst: bool) -> None:
    """Exécuter les tâches de la file (PDF, messages, publications)."""
    from redis.exceptions import RedisError
    from rq import Worker

    from awards_app.adapters.queue import work_app, working_queue

    app = work_app()
    url = app.config["REDIS_URL"]
    if not url:
        raise click.UsageError("Aucune file n’est configurée : donnez REDIS_URL.")
    queue, client = working_queue(url)
    try:
        client.ping()
    except (RedisError, OSError) as error:
        raise click.ClickException(
            f"La file {url} ne répond pas ({error}). Démarrez-la, ou corrigez REDIS_URL."
        ) from None
    logging.getLogger("rq.worker").setLevel(logging.WARNING)
    with app.app_context():
        _let_go_of_connections()
    _open_the_press()
    Worker([queue], connection=client).work(burst=burst, with_scheduler=False, logging_level="WARNING")


def _open_the_press() -> None:
    """Open fonts and styles once, before jobs are forked: each would pay for it otherwise."""
    from awards_app.adapters import pdf

    if pdf.pdf_available() is None:
        pdf.warm()


def _let_go_of_connections() -> None:
    from awards_app.database import db

    db.session.remove()
    for engine in db.engines.values():
        engine.dispose()


@click.command()
@click.option(
    "--every", default=SWEEP_SECONDS, show_default=True, type=float, help="Secondes entre deux tours."
)
@click.option("--once", is_flag=True, help="Un seul tour, puis s’arrêter.")
@with_appcontext
def scheduler(every: float, once: bool) -> None:
    """Faire avancer ce qui attend son heure (échéances, envois, publications)."""
    from awards_app.jobs.sweep import sweep

    ended = threading.Event()

    def end(_number: int, _frame: FrameType | None) -> None:
        ended.set()

    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, end)
    log = logging.getLogger(__name__)
    app = current_app._get_current_object()  # type: ignore[attr-defined]  # the proxy's own way to its object
    while not ended.is_set():
        try:
            with app.app_context():
                sweep()
        except Exception:
            if once:
                raise
            log.exception("a sweep failed; the next one tries again")
        if once:
            return
        ended.wait(every)


@click.command()
@click.option("--port", default=8000, show_default=True, type=click.IntRange(1, 65535), help="Port d’écoute.")
@click.option("--no-data", is_flag=True, help="Partir d’une base vide, sans l’édition de démonstration.")
def demo(port: int, no_data: bool) -> None:
    """Essayer la plateforme complète sur cette machine, sans rien installer d’autre."""
    from awards_app.cli import demonstration

    with contextlib.suppress(KeyboardInterrupt):
        sys.exit(demonstration.run(port, with_data=not no_data))
    sys.exit(130)
