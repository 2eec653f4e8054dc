"""Several threads that do the same thing at the same instant."""

from collections.abc import Callable, Sequence
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


def each_at_once(app: Flask, acts: Sequence[Callable[[], object]]) -> list[object]:
    """Return what each act, in a thread of its own, answered or raised, in the order of ``acts``."""
    barrier = Barrier(len(acts))
    results: list[object] = [None] * len(acts)

    def run(place: int, act: Callable[[], object]) -> None:
        with app.app_context():
            barrier.wait()
            try:
                results[place] = act()
            except Exception as refused:  # what each thread met is what the test looks at
                results[place] = refused

    threads = [Thread(target=run, args=pair) for pair in enumerate(acts)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return results
