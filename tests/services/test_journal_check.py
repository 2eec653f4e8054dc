"""The journal is whole, or the first line that is not is named; an independent script says the same."""

import json
import subprocess
import sys
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import text

from awards_app.database import atomic, db
from awards_app.domain.chain import ChainHead
from awards_app.services.journal import write_entry
from awards_app.services.journal_check import journal_head, verify
from awards_app.services.journal_export import export_journal
from tests import filing_world as world

SCRIPT = Path(__file__).resolve().parents[1] / "independent" / "verify_journal.py"


@pytest.fixture
def journal(context: Flask) -> int:
    """Ten entries more than the edition's own; return the last number."""
    world.an_edition()
    for number in range(10):
        write_entry(
            None, "test_act", "thing", f"k{number}", world.FILING, detail={"n": number, "texte": "é œ"}
        )
    return journal_head().seq


def test_a_sound_journal(journal: int) -> None:
    verdict = verify()
    assert (verdict.ok, verdict.entries, verdict.first_bad) == (True, journal, None)


@pytest.mark.parametrize(
    ("change", "bad"),
    [
        ("UPDATE journal_entry SET act = 'other' WHERE seq = 5", 5),
        ("UPDATE journal_entry SET actor = 'other' WHERE seq = 5", 5),
        ("UPDATE journal_entry SET at = '2020-01-01 00:00:00' WHERE seq = 5", 5),
        ("UPDATE journal_entry SET object_key = 'other' WHERE seq = 5", 5),
        ("UPDATE journal_entry SET outcome = 'other' WHERE seq = 5", 5),
        ("UPDATE journal_entry SET detail = '{\"n\": 99}' WHERE seq = 5", 5),
        ("UPDATE journal_entry SET previous_hash = hash WHERE seq = 5", 5),
        ("UPDATE journal_entry SET hash = previous_hash WHERE seq = 5", 5),
        ("DELETE FROM journal_entry WHERE seq = 5", 5),
        ("UPDATE journal_entry SET seq = -1 WHERE seq = 5", 1),
    ],
)
def test_an_alteration_is_named(journal: int, change: str, bad: int) -> None:
    with atomic() as session:
        session.execute(text(change))
    assert verify().first_bad == bad


@pytest.mark.sqlite
@pytest.mark.parametrize("change", ["at = 'hier'", "detail = '{n:'"])
def test_a_value_that_no_longer_reads_is_named(journal: int, change: str) -> None:
    with atomic() as session:
        session.execute(text(f"UPDATE journal_entry SET {change} WHERE seq = 4"))
    assert verify().first_bad == 4


def test_a_cut_shows_against_a_head_kept_elsewhere(journal: int) -> None:
    head = journal_head()
    with atomic() as session:
        session.execute(text("DELETE FROM journal_entry WHERE seq > :last"), {"last": journal - 3})
    assert verify().ok
    assert verify([ChainHead(head.seq, head.hash)]).first_bad == journal - 2


def test_the_script_agrees_line_by_line(journal: int, tmp_path: Path) -> None:
    lines = [line.decode() for line in export_journal(None, world.FILING)]
    assert [json.loads(line)["seq"] for line in lines] == list(range(1, journal + 2))
    assert _script(tmp_path, lines) == (0, "yes")
    for place in (0, 3, journal):
        entry = json.loads(lines[place])
        altered = [*lines[:place], json.dumps({**entry, "actor": "x"}) + "\n", *lines[place + 1 :]]
        assert _script(tmp_path, altered) == (1, f"no: line {place + 1}")
    assert _script(tmp_path, [*lines[:4], *lines[5:]]) == (1, "no: line 5")
    db.session.rollback()


def _script(folder: Path, lines: list[str]) -> tuple[int, str]:
    file = folder / "journal.jsonl"
    file.write_text("".join(lines), encoding="utf-8")
    done = subprocess.run(
        [sys.executable, str(SCRIPT), str(file)], capture_output=True, text=True, check=False
    )
    return done.returncode, done.stdout.strip()
