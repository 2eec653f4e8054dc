"""Playing both worlds of a secret and telling where they are not the same."""

import shutil
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from flask import Flask

from awards_app.services.worlds import PHASES
from tests.two_worlds.collecting import Collector, Seen, lay
from tests.two_worlds.keys import written_keys
from tests.two_worlds.script import Secret, told
from tests.world import SUBJECTS


@dataclass
class Report:
    """What one secret showed: who saw it that may not, whether who may did, and how much was asked."""

    secret: str
    leaks: list[str] = field(default_factory=list)
    knew: set[tuple[str, str]] = field(default_factory=set)
    requests: int = 0


def compare(
    app: Flask,
    base: Path,
    secret: Secret,
    *,
    phases: Sequence[str] | None = None,
    subjects: Sequence[str] = SUBJECTS,
    whole: bool = False,
) -> Report:
    """Play a secret in both worlds and compare what each subject sees in each phase."""
    report = Report(secret.name)
    with two_folders(base, secret) as folders:
        for phase in phases or secret.phases:
            knowing = secret.knows.get(phase, frozenset())
            controlled = whole or secret.control[1] == phase
            among = [*subjects, *({secret.control[0]} - set(subjects) if controlled else ())]
            asked = [one for one in among if whole or one not in knowing or (one, phase) == secret.control]
            first, second = (
                watched(app, folder, secret, phase, asked, second=bool(place), whole=whole)
                for place, folder in enumerate(folders)
            )
            for subject in asked:
                report.requests += len(first[subject]) + len(second[subject])
                found = list(differences(first[subject], second[subject]))
                if subject in knowing:
                    report.knew |= {(subject, phase)} if found else set()
                else:
                    report.leaks += [f"{secret.name}, {phase}, {subject}: {one}" for one in found]
    return report


@contextmanager
def two_folders(base: Path, secret: Secret) -> Iterator[tuple[Path, Path]]:
    """Give a folder to each world, with the phases before the secret, which both share."""
    folders = (base / f"{secret.name} A", base / f"{secret.name} B")
    before = PHASES[: PHASES.index(secret.since or secret.phase)]
    for folder in folders:
        shutil.rmtree(folder, ignore_errors=True)
        (folder / "worlds").mkdir(parents=True)
        for phase in before:
            kept = base / "worlds" / f"{phase}.pickle"
            if kept.is_file():
                shutil.copyfile(kept, folder / "worlds" / kept.name)
    try:
        yield folders
    finally:
        for folder in folders:
            shutil.rmtree(folder, ignore_errors=True)


def watched(
    app: Flask,
    folder: Path,
    secret: Secret,
    phase: str,
    subjects: Sequence[str],
    *,
    second: bool,
    whole: bool,
) -> dict[str, Seen]:
    """Return what each subject sees of one world in one phase; the world is laid afresh for each."""
    found = {}
    for subject in subjects:
        with written_keys():
            with told(secret, second=second):
                world = lay(app, folder, phase)
            found[subject] = Collector(app, world, subject, whole=whole).collect()
    return found


def differences(first: Seen, second: Seen) -> Iterator[str]:
    """Yield each request whose answer is not the same, with where it begins not to be."""
    for name in sorted({*first, *second}):
        one, other = first.get(name), second.get(name)
        if one != other:
            yield f"{name}: {_where(one, other)}"


def _where(one: tuple[object, ...] | None, other: tuple[object, ...] | None) -> str:
    if one is None or other is None:
        return "asked in one world only"
    for left, right in zip(one, other, strict=False):
        if left == right:
            continue
        if isinstance(left, bytes) and isinstance(right, bytes):
            place = next(
                (at for at, pair in enumerate(zip(left, right, strict=False)) if pair[0] != pair[1]),
                min(len(left), len(right)),
            )
            around = slice(max(0, place - 60), place + 100)
            return f"{left[around]!r} | {right[around]!r}"
        return f"{left!r:.300} | {right!r:.300}"
    return "lengths"
