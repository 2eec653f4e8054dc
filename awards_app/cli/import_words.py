"""What both commands of import say of a file, and the bar they draw on a terminal when it takes a while."""

import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import click

from awards_app.domain.import_report import ImportReport

PATIENCE_SECONDS = 1.0
SHOWN = 40


@contextmanager
def bar(total: int, label: str) -> Iterator[Callable[[int], None]]:
    """Yield a function that says how many more are done; draws on a terminal only, and only after a second."""
    started = time.monotonic()
    drawn = click.progressbar(length=max(total, 1), label=label, file=sys.stderr)
    on_terminal = sys.stderr.isatty()
    waiting = 0

    def step(count: int) -> None:
        nonlocal waiting
        waiting += count
        if on_terminal and time.monotonic() - started > PATIENCE_SECONDS:
            drawn.update(waiting)
            waiting = 0

    yield step
    if on_terminal and time.monotonic() - started > PATIENCE_SECONDS:
        drawn.render_finish()


def print_report(report: ImportReport) -> None:
    """Print the counts, then each refused line with its column and its reason."""
    click.echo(
        f"Lues : {report.read} · prises : {report.taken}"
        + (f" (dont {report.incomplete} à compléter)" if report.incomplete else "")
        + f" · refusées : {report.read - report.taken}"
    )
    for error in report.refused[:SHOWN]:
        column = f", colonne « {error.column} »" if error.column else ""
        click.echo(f"  ligne {error.line}{column} : {error.reason}")
    if len(report.refused) > SHOWN:
        click.echo(f"  … et {len(report.refused) - SHOWN} autres raisons ; « --json » les donne toutes.")
