"""The queue on a real server: what it takes, what it refuses, and what it does when it is away."""

import os
import signal
from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask

from awards_app.adapters.queue import enqueue, in_app_context, working_queue
from awards_app.adapters.queue_server import (
    LONGEST_SOCKET,
    EmbeddedServer,
    socket_path,
    start_embedded_server,
)

pytestmark = pytest.mark.queue


@pytest.fixture
def server(tmp_path: Path) -> Iterator[EmbeddedServer]:
    server = start_embedded_server(tmp_path)
    yield server
    server.stop()


@pytest.fixture
def bare(server: EmbeddedServer, monkeypatch: pytest.MonkeyPatch) -> Iterator[Flask]:
    # A busy machine is no queue that is away.
    monkeypatch.setattr("awards_app.adapters.queue.PATIENCE_SECONDS", 60.0)
    bare = Flask("bare")
    bare.config["REDIS_URL"] = server.url
    with bare.app_context():
        yield bare
    bare.extensions["awards_queue"].close()


def waiting(url: str) -> list[tuple[str, tuple[object, ...]]]:
    queue, client = working_queue(url)
    with client:
        return [(job.func_name, tuple(job.args)) for job in queue.jobs]


def test_a_job_waits_under_its_dotted_name(bare: Flask, server: EmbeddedServer) -> None:
    taken = enqueue("certificates.draw", "number", 3)

    assert taken is True
    assert waiting(server.url) == [("awards_app.jobs.certificates.draw", ("number", 3))]


@pytest.mark.parametrize("value", [True, 1.5, None, b"x", ["a"], object()])
def test_a_job_takes_plain_values_only(bare: Flask, server: EmbeddedServer, value: object) -> None:
    enqueue("sweep.sweep")
    with pytest.raises(TypeError, match="a job takes str and int"):
        enqueue("certificates.draw", value)  # type: ignore[arg-type]  # the refusal is the subject

    assert waiting(server.url) == [("awards_app.jobs.sweep.sweep", ())]


@pytest.mark.parametrize("name", ["draw", "os.system.", "../x.y", "Certificates.draw", ""])
def test_a_job_is_named_module_and_function(bare: Flask, name: str) -> None:
    enqueue("sweep.sweep")
    with pytest.raises(ValueError, match="a job is named"):
        enqueue(name)


def test_what_waits_survives_a_kill(bare: Flask, server: EmbeddedServer, tmp_path: Path) -> None:
    enqueue("certificates.draw", "kept")
    os.kill(server.process.pid, signal.SIGKILL)
    server.process.wait()

    again = start_embedded_server(tmp_path)
    try:
        assert waiting(again.url) == [("awards_app.jobs.certificates.draw", ("kept",))]
    finally:
        again.stop()


def test_a_queue_that_is_away_stops_nobody(bare: Flask, server: EmbeddedServer) -> None:
    enqueue("sweep.sweep")
    server.stop()

    assert enqueue("sweep.sweep") is False


def test_without_a_queue_the_job_waits_in_the_database() -> None:
    alone = Flask("alone")
    with alone.app_context():
        assert enqueue("sweep.sweep") is False


def test_a_socket_path_is_never_too_long(tmp_path: Path) -> None:
    deep = tmp_path / ("deep" * 40)

    assert socket_path(tmp_path) == tmp_path / "queue" / "valkey.sock"
    assert len(os.fsencode(socket_path(deep))) <= LONGEST_SOCKET


def test_each_job_gets_a_context_of_its_own(bare: Flask) -> None:
    from flask import g

    enqueue("sweep.sweep")
    g.left = "from outside"

    @in_app_context
    def job() -> str | None:
        return g.get("left")

    assert job() is None
