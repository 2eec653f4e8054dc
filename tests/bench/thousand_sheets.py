"""F16 whole: fifty jurors save a thousand sheets at once, mark by mark, each try again when it is refused for a while.

    python -m tests.bench.thousand_sheets [sqlite|postgresql]

The server as in production. Each mark goes twice; the second must be the one that is kept, with the version of its changes.
Prints how many were saved, how often a save was tried again, and how long one took; exit code 1 if a mark is not there.
"""

import json
import sys
import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from statistics import quantiles

from sqlalchemy import select

from awards_app.database import db
from awards_app.models.candidacies import Candidacy
from awards_app.models.juries import Seat
from awards_app.models.scoring import Mark, Scoresheet
from awards_app.services.accounts import start_session
from tests.bench.callers import Browser, NotAsExpected, OverHttp
from tests.bench.fill import WEIGHTS, set_phase
from tests.bench.runner import Bench, a_bench, session_cookie

FILES = 300
READERS = 5
JURORS = 50
SHEETS = 20
TRIES = 8
# A middle level twice, never one that asks for a reason: what was there before may be another.
LEVELS = ("1", "2")
Sheet = tuple[str, str]


def sheets_of(bench: Bench) -> dict[str, tuple[str, list[str]]]:
    """Return, for each of the jurors, the session of the browser and the keys of twenty files of theirs."""
    found: dict[str, tuple[str, list[str]]] = {}
    with bench.app.app_context():
        rows = db.session.execute(
            select(Seat.key, Seat.account_id, Candidacy.key)
            .join(Scoresheet, Scoresheet.seat_id == Seat.id)
            .join(Candidacy, Candidacy.id == Scoresheet.candidacy_id)
            .where(Seat.function == "juror")
            .order_by(Seat.id, Candidacy.id)
        ).all()
        files: dict[tuple[str, int], list[str]] = {}
        for seat, account, candidacy in rows:
            files.setdefault((seat, account), []).append(candidacy)
        for (seat, account), keys in list(files.items())[:JURORS]:
            found[seat] = (start_session(account, datetime.now(UTC)), keys[:SHEETS])
        db.session.remove()
    return found


def save_all(bench: Bench, seat: str, token: str, keys: list[str], told: Counter[str]) -> list[float]:
    """Save every mark of a juror's sheets, twice; return the seconds of each save."""
    caller = OverHttp(bench.ours.port)
    browser = Browser(caller, session_cookie(bench, token))
    browser.get(f"/jury/{seat}/candidatures/{keys[0]}")
    seconds = []
    for key in keys:
        for criterion in WEIGHTS:
            version = "1"
            for level in LEVELS:
                form = {"field": f"mark-{criterion}", "value": level, "version": version}
                started = time.perf_counter()
                answer = _until_saved(browser, f"/jury/{seat}/candidatures/{key}/noter", form, told)
                seconds.append(time.perf_counter() - started)
                version = str(json.loads(answer)["version"])
    caller.close()
    return seconds


def _until_saved(browser: Browser, path: str, form: dict[str, str], told: Counter[str]) -> bytes:
    for attempt in range(TRIES):
        try:
            return browser.post(path, form)
        except NotAsExpected as refused:
            told[str(refused).partition("→")[2].split()[0]] += 1
            time.sleep(0.1 * (attempt + 1))
    raise NotAsExpected(f"{path} was refused {TRIES} times")


def marks_of(bench: Bench, jurors: dict[str, tuple[str, list[str]]]) -> Counter[tuple[int | None, int]]:
    """Return how many marks of those sheets are at each level and version."""
    wanted = {(seat, key) for seat, (_token, keys) in jurors.items() for key in keys}
    with bench.app.app_context():
        rows = db.session.execute(
            select(Seat.key, Candidacy.key, Mark.level, Mark.version)
            .join(Scoresheet, Scoresheet.id == Mark.scoresheet_id)
            .join(Seat, Seat.id == Scoresheet.seat_id)
            .join(Candidacy, Candidacy.id == Scoresheet.candidacy_id)
        ).all()
        db.session.remove()
    return Counter((level, version) for seat, key, level, version in rows if (seat, key) in wanted)


def expected_of(before: Counter[tuple[int | None, int]]) -> Counter[tuple[int | None, int]]:
    """Return what two saves leave: a level that was there already is no change, and takes no version."""
    first, last = (int(level) for level in LEVELS)
    after: Counter[tuple[int | None, int]] = Counter()
    for (level, version), count in before.items():
        after[last, version + (level != first) + 1] += count
    return after


def main(words: list[str]) -> int:
    """Print the figures."""
    database = words[0] if words else "sqlite"
    with a_bench(FILES, database, 1, 0.0, lambda sentence: None, READERS) as bench:
        with bench.app.app_context():
            set_phase(bench.filled.round_id, "P3")
        jurors, told = sheets_of(bench), Counter[str]()
        expected = expected_of(marks_of(bench, jurors))
        started = time.monotonic()
        with ThreadPoolExecutor(JURORS) as pool:
            runs = [pool.submit(save_all, bench, seat, *one, told) for seat, one in jurors.items()]
            seconds = [taken for run in runs for taken in run.result()]
        whole = time.monotonic() - started
        sheets = sum(len(keys) for _token, keys in jurors.values())
        found = marks_of(bench, jurors)
    cuts = quantiles(seconds, n=100)
    print(
        f"{database} : {len(jurors)} jurés, {sheets} fiches, {len(seconds)} enregistrements en {whole:.0f} s, "
        f"repris {dict(told) or 0} ; médiane {cuts[49]:.2f} s, 95 % en {cuts[94]:.2f} s ; gardés {dict(found)}"
    )
    return 0 if sheets == JURORS * SHEETS and found == expected else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
