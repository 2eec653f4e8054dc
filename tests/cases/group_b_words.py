"""B and A: what a search, a duration and a letter to many may tell."""

import re
import time
from collections.abc import Callable
from statistics import median

import httpx

from tests.adapter import MISSING, Adapter
from tests.adapter_forms import comparable
from tests.cases.context import Context, case, expect

NONSENSE = "zzqxvwkj"
UNKNOWN = "personne@nulle.example"
# Pairs measured here; `python -m tests.two_worlds.timing 2000` is the measure itself, on a quiet machine.
PAIRS = 15
TURNS = 8


def searches(c: Context, code: str) -> list[Callable[[str], httpx.Response]]:
    """Return every page that takes words: a person's own, and those of rooms that are not theirs."""
    person = c.be(code)
    paths = [
        (f"/coordination/{c.round()}/recevabilite", "recherche"),
        (f"/coordination/{c.round()}/liens/registre", "q"),
        ("/palmares", "q"),
    ]
    if code in c.world["seats"]:
        paths.append((f"/jury/{c.seat(code)}", "q"))
    return [
        lambda words, path=path, name=name: person.get(path, params={name: words})  # type: ignore[misc]  # bound here
        for path, name in paths
    ]


def same_as_nonsense(ask: Callable[[str], httpx.Response], words: str) -> None:
    """Fail unless words find what a word that is nowhere finds: the same page, the words typed apart."""
    found, nothing = ask(words), ask(NONSENSE)
    assert found.status_code == nothing.status_code, found.url
    bodies = [
        _without(comparable(answer.text), typed) for answer, typed in ((found, words), (nothing, NONSENSE))
    ]
    assert bodies[0] == bodies[1], f"{found.url.path} answers « {words} »"


def _without(body: str, typed: str) -> str:
    """Take out the words as typed, in the field and in the link that changes the language."""
    body = re.sub(r'suite=[^"]*', "", body)
    return body.replace(typed, "").replace(str(httpx.QueryParams({"x": typed}))[2:], "")


@case("A13")
def words_of_a_foreign_file(c: Context) -> None:
    """A juror looks among their own files only: a word of another's file is nowhere."""
    c.lay("P3")
    owner = c.world["people"]["FX"]
    words = ("Verger normand", c.canary("text_foreign"), owner["name"], owner["email"], "Rouen", "820000")
    for ask in searches(c, "RJ"):
        for one in words:
            same_as_nonsense(ask, one)
    own = expect(c.be("RJ").get(f"/jury/{c.seat('RJ')}", params={"q": "maison commune"}), 200)
    nothing = expect(c.be("RJ").get(f"/jury/{c.seat('RJ')}", params={"q": NONSENSE}), 200)
    assert (own.text.count(c.candidacy("other")) > 0, nothing.text.count(c.candidacy("other"))) == (True, 0)


@case("B9")
def words_of_the_jury(c: Context) -> None:
    """A colleague's name, a word of a comment, a score: nobody finds anything by them."""
    c.lay("P3")
    names = [c.world["people"][code]["name"] for code in ("RJ2", "JP", "RK")]
    words = (*names, c.canary("comment"), c.canary("note"), c.canary("mark"), "75,00", "3,87")
    for code in ("CM", "RJ"):
        for ask in searches(c, code):
            for one in words:
                same_as_nonsense(ask, one)


def pairs(c: Context) -> dict[str, tuple[Callable[[], object], Callable[[], object]]]:
    """Return what must take as long: what is refused and what is not there, a known address and another."""
    member, visitor = c.be("CM"), c.platform.session()
    known = c.world["people"]["CX"]["email"]
    visitor.token()
    found: dict[str, tuple[Callable[[], object], Callable[[], object]]] = {
        name: (
            lambda path=path, key=key: member.get(path.format(key)),  # type: ignore[misc]  # bound here
            lambda path=path: member.get(path.format(MISSING)),  # type: ignore[misc]  # bound here
        )
        for name, (path, key) in {
            "a file": ("/candidatures/{}", c.candidacy("other")),
            "a seat": ("/jury/{}", c.seat("RJ")),
            "a round": ("/coordination/{}/classement", c.round()),
            "a structure": ("/structure/{}", c.world["structures"]["other"]),
        }.items()
    }
    for name, verb in (("a link", Adapter.link_ask), ("a lost password", Adapter.reset_ask)):
        found[name] = (
            lambda verb=verb: verb(visitor, known),  # type: ignore[misc]  # bound here
            lambda verb=verb: verb(visitor, UNKNOWN),  # type: ignore[misc]  # bound here
        )
    return found


@case("B11")
def durations_tell_nothing(c: Context) -> None:
    """Interleaved pairs: no side is half as long again as the other. Each pair has eight tries: the machine is shared."""
    c.lay("P3")
    for name, (one, other) in pairs(c).items():
        found = []
        for _turn in range(TURNS):
            found.append(_ratio(one, other))
            if found[-1] < 1.5:
                break
        assert found[-1] < 1.5, f"{name}: {found}"


def _ratio(one: Callable[[], object], other: Callable[[], object]) -> float:
    """Return the longer median over the shorter."""
    times: tuple[list[float], list[float]] = ([], [])
    for turn in range(PAIRS):
        asked = ((0, one), (1, other))
        for place, ask in asked if turn % 2 else asked[::-1]:
            started = time.perf_counter()
            ask()
            times[place].append(time.perf_counter() - started)
    middle = sorted(median(sample) for sample in times)
    return middle[1] / middle[0]
