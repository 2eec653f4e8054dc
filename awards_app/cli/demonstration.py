"""What `demo` does, in order: checks, database, demonstration edition, queue, web, worker, scheduler, then waits."""

import fcntl
import importlib.util
import os
import signal
import socket
import time
import urllib.error
import urllib.request
from pathlib import Path
from typing import IO

import click
from flask import Flask

from awards_app.adapters.queue_server import NoQueueServer, start_embedded_server
from awards_app.cli.supervisor import Child, Supervisor, ourselves
from awards_app.cli.web_server import web_words

HOST = "127.0.0.1"
FIRST_ANSWER_SECONDS = 60.0
CANNOT = 2


class CannotRun(click.ClickException):
    """The machine has to be put right first; the message says how."""

    exit_code = CANNOT

    def show(self, file: IO[str] | None = None) -> None:
        """Print the sentence alone."""
        click.echo(self.message, err=True)


def say(sentence: str) -> None:
    """Say what is being done."""
    click.echo(f"· {sentence}")


def run(port: int, with_data: bool) -> int:
    """Run the demonstration until it is asked to stop; return the exit code."""
    started = time.monotonic()
    check_port(port)
    instance = _settle_environment(port)
    lock = _hold(instance)
    supervisor = Supervisor(say)
    queue = None
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    try:
        app = _prepare(with_data)
        supervisor.listen()
        if not os.environ.get("REDIS_URL"):
            say("Démarrage de la file d’attente…")
            queue = start_embedded_server(instance)
            os.environ["REDIS_URL"] = queue.url
            supervisor.children.append(Child("La file d’attente", [], True, True, process=queue.process))
        say("Démarrage du site, de l’exécutant des tâches et de l’horloge…")
        supervisor.start(Child("Le site", web_words(HOST, port, workers=2, threads=4), True))
        supervisor.start(Child("L’exécutant des tâches", ourselves("worker")))
        if importlib.util.find_spec("awards_app.jobs.sweep") is not None:
            supervisor.start(Child("L’horloge", ourselves("scheduler")))
        if _answers(port, supervisor):
            _welcome(app, port, time.monotonic() - started, with_data=with_data)
        return supervisor.watch()
    except NoQueueServer as error:
        raise CannotRun(str(error)) from None
    finally:
        say("Arrêt de la démonstration…")
        supervisor.stop()
        if queue is not None:
            queue.stop()
        lock.close()
        say("Tout est arrêté ; les données sont gardées.")


def check_port(port: int) -> None:
    """Raise `CannotRun` when ``port`` is taken or not allowed."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((HOST, port))
        except PermissionError:
            raise CannotRun(
                f"Le port {port} est réservé au système : choisissez-en un autre avec « --port 8000 »."
            ) from None
        except OSError:
            free = port + 1 if port < 65535 else 8000
            raise CannotRun(
                f"Le port {port} est déjà utilisé sur cette machine : arrêtez ce qui l’occupe, ou lancez la démonstration "
                f"avec « --port {free} »."
            ) from None


def _settle_environment(port: int) -> Path:
    os.environ["AWARDS_MODE"] = "demo"
    os.environ.setdefault("AWARDS_PUBLIC_URL", f"http://{HOST}:{port}")
    from awards_app.paths import ROOT

    instance = Path(os.environ.get("AWARDS_INSTANCE") or ROOT / "instance").expanduser().resolve()
    os.environ["AWARDS_INSTANCE"] = str(instance)
    try:
        instance.mkdir(parents=True, exist_ok=True, mode=0o700)
        (instance / ".write").touch()
        (instance / ".write").unlink()
    except OSError as error:
        raise CannotRun(
            f"Le dossier {instance} ne peut pas être écrit ({error.strerror}) : choisissez-en un autre avec AWARDS_INSTANCE."
        ) from None
    return instance


def _hold(instance: Path) -> IO[str]:
    lock = (instance / "demo.lock").open("w")
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        raise CannotRun(
            f"Une démonstration tourne déjà sur {instance} : arrêtez-la (Ctrl-C), ou choisissez un autre dossier avec AWARDS_INSTANCE."
        ) from None
    return lock


def _prepare(with_data: bool) -> Flask:
    from flask_migrate import upgrade

    from awards_app.app import create_app
    from awards_app.paths import MIGRATIONS

    say("Mise à jour de la base de données…")
    app = create_app()
    with app.app_context():
        upgrade(directory=str(MIGRATIONS))
        if with_data:
            from awards_app.services.demonstration import load_demonstration

            load_demonstration(say)
    _close(app)
    return app


def _close(app: Flask) -> None:
    from awards_app.database import db

    with app.app_context():
        db.session.remove()
        for engine in db.engines.values():
            engine.dispose()


def _answers(port: int, supervisor: Supervisor) -> bool:
    end = time.monotonic() + FIRST_ANSWER_SECONDS
    web = next(child.process for child in supervisor.children if child.name == "Le site")
    while time.monotonic() < end and not supervisor.is_stopping and web is not None and web.poll() is None:
        try:
            urllib.request.urlopen(f"http://{HOST}:{port}/", timeout=5).close()
            return True
        except urllib.error.HTTPError:
            return True
        except OSError:
            time.sleep(0.1)
    return False


def _welcome(app: Flask, port: int, seconds: float, *, with_data: bool) -> None:
    click.echo(f"\n  La plateforme est ouverte : http://{HOST}:{port}   (prête en {seconds:.0f} s)\n")
    if with_data:
        from awards_app.services.demonstration import sign_ins

        with app.app_context():
            lines = str(sign_ins())
        _close(app)
        click.echo("".join(f"  {line}\n" for line in lines.splitlines()))
    click.echo("  Ctrl-C arrête tout ; les données restent pour la prochaine fois.\n")
