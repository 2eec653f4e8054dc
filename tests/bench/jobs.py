"""The jobs of the table: what each asks for, with which goal, on the platform and on the floor."""

import itertools
import json
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from tests.bench.callers import Browser
from tests.bench.fill import Filled

SECTION = "narrative"
# What is saved on the platform and on the floor: not the same field, since each watches its version.
MARK = {"ours": "need", "floor": "social_impact"}
ANSWER = {"ours": "need", "floor": "action"}


@dataclass
class Turn:
    """One side's way through a job: ``ready`` opens what is needed once, ``once`` is the request that is measured."""

    browser: Browser
    filled: Filled
    side: str
    versions: dict[str, int] = field(default_factory=dict)
    count: Any = field(default_factory=itertools.count)


@dataclass(frozen=True)
class Job:
    """A line of the table. ``goal`` is the ratio to the floor that it may cost at most; ``role`` is who asks."""

    code: str
    label: str
    goal: float
    role: str | None
    phase: str
    method: str
    path: Callable[[Filled], str]
    ready: Callable[[Turn], None]
    once: Callable[[Turn], None]


def _nothing(turn: Turn) -> None:
    """Need nothing."""


def _page(path: Callable[[Filled], str]) -> Callable[[Turn], None]:
    def once(turn: Turn) -> None:
        turn.browser.get(path(turn.filled))

    return once


def _list(filled: Filled) -> str:
    return f"/jury/{filled.seat_key}"


def _file(filled: Filled) -> str:
    return f"/jury/{filled.seat_key}/candidatures/{filled.candidacy_keys[0]}"


def _one_of_the_files(turn: Turn) -> None:
    keys = turn.filled.candidacy_keys
    turn.browser.get(f"/jury/{turn.filled.seat_key}/candidatures/{keys[next(turn.count) % len(keys)]}")


def _mark(filled: Filled) -> str:
    return f"{_file(filled)}/noter"


def _save_mark(turn: Turn) -> None:
    number = next(turn.count)
    keys = turn.filled.candidacy_keys
    key = keys[number % len(keys)]
    form = {
        "field": f"mark-{MARK[turn.side]}",
        "value": str(1 + (number // len(keys)) % 3),
        "version": str(turn.versions.get(key, 1)),
    }
    answer = json.loads(turn.browser.post(f"/jury/{turn.filled.seat_key}/candidatures/{key}/noter", form))
    turn.versions[key] = int(answer["version"])


def _ranking(filled: Filled) -> str:
    return f"/jury/{filled.chair_seat_key}/classement"


def _form(filled: Filled) -> str:
    return f"/candidatures/{filled.form_key}/rubriques/{SECTION}"


def _answer(filled: Filled) -> str:
    return f"/candidatures/{filled.form_key}/enregistrer"


def _save_answer(turn: Turn) -> None:
    form = {
        "field": ANSWER[turn.side],
        "value": f"Sur le territoire, une famille sur cinq attend une place ; relevé {next(turn.count)}. "
        * 8,
        "version": str(turn.versions.get("answer", 1)),
    }
    answer = json.loads(turn.browser.post(_answer(turn.filled), form))
    turn.versions["answer"] = int(answer["version"])


def _open_form(turn: Turn) -> None:
    if turn.side == "ours":
        turn.browser.get(_form(turn.filled))


def _open_file(turn: Turn) -> None:
    if turn.side == "ours":
        turn.browser.get(_file(turn.filled))


def _honours(filled: Filled) -> str:
    return f"/palmares/{filled.year - 1}"


def _export(filled: Filled) -> str:
    return f"/coordination/{filled.round_key}/exports/notes"


JOBS: tuple[Job, ...] = (
    Job("list", "juror's list of files", 2.5, "juror", "P3", "GET", _list, _nothing, _page(_list)),
    Job(
        "file", "one file with its scoresheet", 2.4, "juror", "P3", "GET", _file, _nothing, _one_of_the_files
    ),
    Job("mark", "save a scoresheet or a mark", 2.3, "juror", "P3", "POST", _mark, _open_file, _save_mark),
    Job("ranking", "ranking of all files", 2.2, "chair", "P4", "GET", _ranking, _nothing, _page(_ranking)),
    Job("form", "candidate's form, open", 4.0, "candidate", "P3", "GET", _form, _nothing, _page(_form)),
    Job(
        "answer", "candidate's form, save", 3.0, "candidate", "P3", "POST", _answer, _open_form, _save_answer
    ),
    Job("public", "public list", 2.1, None, "P3", "GET", _honours, _nothing, _page(_honours)),
    Job("csv", "CSV of everything", 1.2, "chair", "P4", "GET", _export, _nothing, _page(_export)),
)
CERTIFICATE = ("certificate", "certificate", 0.45)
SIGNED = ("signed", "signed certificate", 0.9)
# At most 130 MiB where the floor's worker holds 67.
MEMORY = ("memory", "memory of a worker", 130 / 67)
CODES = (*(job.code for job in JOBS), CERTIFICATE[0], SIGNED[0], MEMORY[0])
