"""Several threads that do the same thing at the same instant."""

from collections.abc import Callable
from threading import Barrier, Thread

from flask import Flask


def at_once(app: Flask, count: int, act: Callable[[], object]) -> list[object]:
    """Return what each of ``count`` threads got from ``act``: its value, or the exception it met."""
    barrier, results = Barrier(count), []

    def run() -> None:
        with app.app_context():
            barrier.wait()
            try:
                results.append(act())
            except Exception as refused:  # what each thread met is what the test looks at
                results.append(refused)

    threads = [Thread(target=run) for _ in range(count)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return results
