"""`test`: the whole suite on SQLite, again on PostgreSQL, then the journeys in a real browser, and one closing line."""

import os
import re
import subprocess
import sys
import time
from dataclasses import dataclass, field
from importlib import import_module

import click

from awards_app import _system
from awards_app.paths import ROOT

CLOSING = re.compile(rb"^[^\n]*\b(?:\d+ \w+|no tests ran)\b[^\n]* in [\d.]+s\b[^\n]*$", re.MULTILINE)
COLOURS = re.compile(r"\x1b\[[0-9;]*m")
COUNT = re.compile(r"(\d+) (passed|failed|errors?|skipped|xfailed|xpassed|deselected|warnings?)")
NOTHING_COLLECTED = 5


@dataclass(frozen=True)
class Round:
    """One call of pytest: its French name and its own words."""

    name: str
    words: tuple[str, ...]


@dataclass
class Outcome:
    """How one round ended: its exit code, its counts and its closing line."""

    name: str
    code: int
    line: str
    counts: dict[str, int] = field(default_factory=dict)


# Two at a time, a file each, in their order: the longest files hold few tests, and would be left to the end.
BY_TWO = ("-n", "2", "--dist=loadfile", "--no-loadscope-reorder")
SQLITE = Round("SQLite", ("-m", "not browser", *BY_TWO))
# The cases are for both databases, those in a browser too.
POSTGRESQL = Round("PostgreSQL", ("-m", "not browser or case", *BY_TWO, "--database=postgresql"))
BROWSER = Round("Navigateur", ("-m", "browser", *BY_TWO))


@click.command(context_settings={"ignore_unknown_options": True})
@click.option("--fast", is_flag=True, help="Seulement SQLite, sans navigateur.")
@click.option(
    "--cases", is_flag=True, help="Exécuter les cas de cases.json : --cases [ID ou groupe …] [--json]."
)
@click.option(
    "--two-worlds", is_flag=True, help="Comparer deux mondes qu’un secret sépare : --two-worlds [secret …]."
)
@click.option(
    "--kills",
    is_flag=True,
    help="Tuer les workers pendant 600 certificats : --kills [--count N] [--times N].",
)
@click.option("--json", "as_json", is_flag=True, help="Avec --cases : le résultat pour une machine.")
@click.argument("words", nargs=-1, type=click.UNPROCESSED)
def test(
    fast: bool, cases: bool, two_worlds: bool, kills: bool, as_json: bool, words: tuple[str, ...]
) -> None:
    """Tout vérifier : unités, SQLite et PostgreSQL, file réelle, navigateur réel.

    Les mots que cette commande ne connaît pas vont à pytest : « test tests/domain -k rangs ».
    """
    os.chdir(ROOT)
    os.environ["AWARDS_MODE"] = "testing"
    if cases:
        sys.exit(import_module("tests.cases.run").main([*words, *(["--json"] if as_json else [])]))
    if two_worlds:
        sys.exit(import_module("tests.two_worlds.run").main(list(words)))
    if kills:
        sys.exit(import_module("tests.kills.run").main(list(words)))
    started = time.monotonic()
    outcomes = [_play(SQLITE, words)]
    notices: list[str] = []
    if not fast:
        outcomes.append(_play(POSTGRESQL, words))
        if not see_to_chromium():
            notices.append(_without_browser(words))
        outcomes.append(_play(BROWSER, words))
    _close(outcomes, notices, time.monotonic() - started)


def see_to_chromium() -> bool:
    """Return whether a Chromium is there, after installing one where that can be done."""
    find_chromium = import_module("tests.chromium").find_chromium
    if find_chromium() is None:
        installed = _system.apt_install(["chromium"], lambda sentence: click.echo(f"· {sentence}", err=True))
        if not installed:
            click.echo("· Chromium manque : essai de l’installation de Playwright…", err=True)
            _playwright_installs()
        find_chromium.cache_clear()
    found = find_chromium()
    if found is not None:
        os.environ["AWARDS_CHROMIUM"] = found
    return found is not None


def _playwright_installs() -> None:
    command = [sys.executable, "-m", "playwright", "install", "chromium"]
    try:
        subprocess.run(
            command,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            timeout=300,
            check=False,
        )
    except subprocess.TimeoutExpired:
        return


def _without_browser(words: tuple[str, ...]) -> str:
    listing = [sys.executable, "-m", "pytest", "-m", "browser", "--collect-only", "-q", *words]
    shown = subprocess.run(listing, capture_output=True, text=True, check=False).stdout
    count = sum("::" in line for line in shown.splitlines())
    remedy = (
        "installez Chrome ou Chromium"
        if sys.platform == "darwin"
        else "lancez « sudo apt-get install -y chromium »"
    )
    if os.environ.get("AWARDS_REQUIRE_BROWSER"):
        return f"!!! CHROMIUM MANQUE : {count} parcours de navigateur ne peuvent pas passer ; {remedy}."
    return f"!!! CHROMIUM MANQUE : {count} parcours de navigateur sont sautés ; {remedy}, puis relancez."


def _play(part: Round, words: tuple[str, ...]) -> Outcome:
    click.echo(f"\n── {part.name} ──", err=False)
    colour = ["--color=yes"] if sys.stdout.isatty() else []
    command = [sys.executable, "-m", "pytest", *colour, *part.words, *words]
    process = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE)
    assert process.stdout is not None
    tail = b""
    try:
        while chunk := os.read(process.stdout.fileno(), 65536):
            sys.stdout.buffer.write(chunk)
            sys.stdout.buffer.flush()
            tail = (tail + chunk)[-20000:]
        code = process.wait()
    except KeyboardInterrupt:
        process.wait()
        raise
    return outcome_of(part.name, code, tail)


def outcome_of(name: str, code: int, tail: bytes) -> Outcome:
    """Read how a round ended from the end of what pytest printed."""
    found = CLOSING.findall(tail)
    line = (
        COLOURS.sub("", found[-1].decode(errors="replace")).strip("= ")
        if found
        else f"pas de conclusion (code {code})"
    )
    counts: dict[str, int] = {}
    for number, word in COUNT.findall(line):
        counts[word.rstrip("s") if word in ("errors", "warnings") else word] = int(number)
    return Outcome(name, 0 if code == NOTHING_COLLECTED else code, line, counts)


def _close(outcomes: list[Outcome], notices: list[str], seconds: float) -> None:
    total: dict[str, int] = {}
    for outcome in outcomes:
        for word, number in outcome.counts.items():
            total[word] = total.get(word, 0) + number
    click.echo("\n── Bilan ──")
    for outcome in outcomes:
        click.echo(f"{'réussi' if outcome.code == 0 else 'ÉCHEC ':7} {outcome.name:12} {outcome.line}")
    for notice in notices:
        click.secho(notice, bold=True)
    nothing = not total.get("passed") and not total.get("failed")
    failed = any(outcome.code for outcome in outcomes) or nothing
    order = ("failed", "error", "passed", "skipped", "xfailed")
    told = ", ".join(f"{total[word]} {word}" for word in order if total.get(word)) or "no tests ran"
    click.echo(f"{f' {told} in {seconds:.2f}s ':=^80}")
    sys.exit(1 if failed else 0)
