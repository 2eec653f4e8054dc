"""B. Two worlds that one secret parts, over HTTP: who may not know it sees the same pages and gets the same letters.

A few pages of each; `python3 -m awards_app test --two-worlds` asks every address, byte by byte.
"""

from collections.abc import Callable

from tests.adapter_forms import comparable
from tests.cases.context import Context, case, expect
from tests.cases.crawling import PUBLIC, pages_of
from tests.cases.group_f import CRITERIA

Act = Callable[[Context, bool], None]
Pages = dict[str, dict[str, str]]
# An act, who may not know of what parts the worlds then, and somebody who may.
Part = tuple[Act, tuple[str, ...], str]
# Pages of rooms that are not a person's own are asked for by name; the rest is found by links.
LIMIT = 4


def seen(c: Context, code: str) -> dict[str, str]:
    """Return what a person gets to by links, the public pages for nobody, and their letters."""
    homes = {"homes": PUBLIC} if code == "PUB" else {}
    found = {path: comparable(text) for path, text in pages_of(c.be(code), limit=LIMIT, each=1, **homes)}
    rooms = (f"/coordination/{c.round()}/liens", f"/coordination/{c.round()}/classement")
    for path in (f"/jury/{c.seat('JP')}/classement", *rooms):
        answer = c.be(code).get(path)
        found[path] = f"{answer.status_code} {comparable(answer.text)}"
    if code == "CO":
        found["own data"] = c.be(code).own_data().text
        found["receipt"] = comparable(c.be(code).receipt(c.candidacy()).text)
    if code != "PUB":
        for place, letter in enumerate(c.platform.mail.sink(c.world["people"][code]["email"])):
            found[f"letter {place}"] = letter["subject"] + letter["text"]
    return found


def both(c: Context, phase: str, *parts: Part) -> list[list[Pages]]:
    """Play acts one after the other in both worlds and return, after each, what each of its people sees in each world."""
    worlds: list[list[Pages]] = []
    for second in (False, True):
        c.lay(phase)
        worlds.append([])
        for act, blind, control in parts:
            act(c, second)
            worlds[-1].append({code: seen(c, code) for code in (*blind, control)})
    return worlds


def parted(one: dict[str, str], other: dict[str, str]) -> list[str]:
    """Return the pages that are not the same in both worlds."""
    return sorted(path for path in {*one, *other} if one.get(path) != other.get(path))


def hold(c: Context, phase: str, *parts: Part) -> None:
    """Fail if somebody who may not know sees a difference after an act, or if who may know sees none."""
    for (_act, blind, control), first, second in zip(parts, *both(c, phase, *parts), strict=True):
        for code in blind:
            assert parted(first[code], second[code]) == [], f"{phase}, {code}"
        assert parted(first[control], second[control]) != [], f"{phase}: {control} should see it"


def lock(c: Context) -> None:
    sheet = c.be("RJ2").sheet.save(c.seat("RJ2"), c.candidacy("first"), dict.fromkeys(CRITERIA, 2))
    expect(sheet, 303)
    expect(c.be("JP").lock(c.seat("JP")), 303)


def a_score(c: Context, second: bool) -> None:
    """A juror gives the ends of the scale, with a comment in one world only."""
    level = 4 if second else 0
    more = {f"mark-{criterion}-reason": "Une raison." for criterion in CRITERIA}
    more["shared_comment"] = "Un mot de plus." if second else ""
    levels = dict.fromkeys(CRITERIA, level)
    expect(c.be("RJ").sheet.save(c.seat("RJ"), c.candidacy("other"), levels, **more), 303)


def who_scored(c: Context, second: bool) -> None:
    """Two jurors exchange what they gave."""
    for code, level in (("RJ2", 1 + second), ("RJ3", 2 - second)):
        levels = dict.fromkeys(CRITERIA, level)
        for name in ("main", "other", "first"):
            expect(c.be(code).sheet.save(c.seat(code), c.candidacy(name), levels), 303)
    lock_all(c)


def lock_all(c: Context) -> None:
    expect(c.be("JP").lock(c.seat("JP")), 303)


def a_conflict(c: Context, second: bool) -> None:
    """A juror stands aside from a file, or says that nothing ties them to it."""
    verdict = ("recused", "Ma sœur y travaille.") if second else ("none", "")
    expect(c.be("RJ2").panel.declare(c.seat("RJ2"), c.candidacy("other"), *verdict), 303)


@case("B1")
def a_score_is_nobody_elses(c: Context) -> None:
    locked = (lambda one, _second: lock(one), ("CX", "RX", "RY", "PUB"), "JP")
    hold(c, "P3", (a_score, ("CM", "JP"), "RJ"), locked)


@case("B2")
def which_of_two_scored(c: Context) -> None:
    hold(c, "P3", (who_scored, ("CM", "CO"), "RJ2"))


@case("B3")
def a_declared_conflict(c: Context) -> None:
    """Other jurors see only what PAN-2 and COI-2 allow: while scoring, nothing of a colleague's tie."""
    hold(c, "P3", (a_conflict, ("CM", "CX", "RJ"), "RC"))


@case("B13")
def one_recipient_a_message(c: Context) -> None:
    """A text to many: each person in a message of their own, with nobody else's address and no link that follows them."""
    c.lay("P3")
    chamber, page = c.be("RC"), f"/coordination/{c.round()}/envois/nouveau"
    addresses = {person["email"] for person in c.world["people"].values()}
    wanted = {
        "filed": {c.world["people"][code]["email"] for code in ("CO", "CX", "E1", "E2", "E3")},
        "jury": {c.world["people"][code]["email"] for code in ("RJ", "RJ2", "RJ3", "RK", "JP")},
    }
    for audience, people in wanted.items():
        before = len(c.platform.mail.sink())
        text = {"audience": audience, "subject": "Rendez-vous", "body": "Bonjour {person}, à bientôt."}
        kept = expect(chamber.post_page(page, page, text), 303)
        mailing = kept.headers["Location"].split("?")[0]
        shown = expect(chamber.get(mailing), 200)
        action = mailing + "/envoyer"
        expect(chamber.post(action, {"number": str(len(people))}), 303)
        expect(chamber.post(action, {"number": str(len(people))}), 303)
        for _turn in range(2):
            expect(c.platform.job.run("sweep"), 200)
        letters = c.platform.mail.sink()[before:]
        assert sorted(letter["recipient"] for letter in letters) == sorted(people), audience
        assert shown.text.count("@") < 10
        for letter in letters:
            others = addresses - {letter["recipient"]}
            held = " ".join(str(value) for value in letter.values())
            assert [other for other in others if other in held] == [], letter["recipient"]
            assert "http" not in letter["text"], "no link that could follow a person"
        assert len({letter["message_id"] for letter in letters}) == len(letters)
