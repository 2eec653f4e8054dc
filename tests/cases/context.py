"""What a case is given, and how it says that an answer is not the one promised."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import contextmanager
from time import monotonic
from typing import Any

import httpx

from tests.adapter import MISSING, Adapter, same_as_missing

Case = Callable[["Context"], None]
CASES: dict[str, Case] = {}
# The cases that need a real browser.
IN_BROWSER: set[str] = set()
TRIES = 8
OK = (200, 201, 202, 204, 303)


def case(identifier: str, *, in_browser: bool = False) -> Callable[[Case], Case]:
    """Register a function as a case of the catalogue; its docstring may add to what the catalogue says."""

    def keep(function: Case) -> Case:
        if identifier in CASES:
            raise ValueError(f"{identifier} is written twice")
        CASES[identifier] = function
        if in_browser:
            IN_BROWSER.add(identifier)
        return function

    return keep


class NotApplicable(Exception):
    """The platform is not concerned by this case; the text says why."""


class Context:
    """One case at work on a platform: worlds, people, and questions asked of answers."""

    def __init__(self, base_url: str) -> None:
        self.base_url = base_url
        self.platform = Adapter(base_url)
        self.world: dict[str, Any] = {}
        self._people: dict[str, Adapter] = {}

    def lay(self, phase: str) -> dict[str, Any]:
        """Lay the world of a phase; every session is new after it."""
        self.close_people()
        self.platform.fault(None)
        self.world = self.platform.seed(phase)
        return self.world

    def be(self, code: str) -> Adapter:
        """Return the browser of a person of the world (« PUB »: nobody), signed in once."""
        if code not in self._people:
            person = None if code == "PUB" else self.world["people"][code]
            self._people[code] = self.platform.session(person)
        return self._people[code]

    def another(self, code: str) -> Adapter:
        """Return one more browser of the same person: a second device."""
        return self.platform.session(self.world["people"][code])

    def candidacy(self, name: str = "main") -> str:
        """Return the identifier of a candidacy of the world."""
        return str(self.world["candidacies"][name])

    def seat(self, code: str) -> str:
        """Return the identifier of a person's seat."""
        return str(self.world["seats"][code])

    def round(self, letter: str = "A") -> str:
        """Return the identifier of a round: A, B (neighbouring region) or N (nation)."""
        return str(self.world["rounds"][letter])

    def attachment(self, question: str = "photos", name: str = "main") -> str:
        """Return the identifier of an attachment of a candidacy."""
        return str(self.world["attachments"][f"{name}_{question}"])

    def canary(self, name: str) -> str:
        """Return a string that some may never see."""
        return str(self.world["canaries"][name])

    def at(self, instant: str) -> None:
        """Stop the platform's clock at an ISO instant; people sign in again, for their sessions may have ended."""
        answer = self.platform.clock.set(instant)
        assert answer.status_code == 200, answer.text
        self.close_people()

    @contextmanager
    def no_effect(self) -> Any:
        """Fail if anything of the domain changed in between (journal entries of refusals apart)."""
        before = self.platform.digest()
        yield
        after = self.platform.digest()
        changed = sorted(name for name in before if before[name] != after[name] and name != "journal_entry")
        assert changed == [], f"changed: {', '.join(changed)}"

    def close_people(self) -> None:
        """Close the browsers opened so far."""
        for adapter in self._people.values():
            adapter.close()
        self._people.clear()

    def close(self) -> None:
        """Close everything."""
        self.close_people()
        self.platform.close()


def expect(answer: httpx.Response, *statuses: int) -> httpx.Response:
    """Fail unless the status is one of ``statuses`` (none given: an acceptance)."""
    wanted = statuses or OK
    where = f"{answer.request.method} {answer.request.url.path}"
    assert answer.status_code in wanted, (
        f"{where}: {answer.status_code} instead of {' or '.join(map(str, wanted))}"
    )
    return answer


def says(answer: httpx.Response, *words: str) -> httpx.Response:
    """Fail unless the body holds each text, whatever its case; non-breaking spaces count as spaces."""
    body = answer.text.lower().replace("\u00a0", " ").replace("\u202f", " ").replace("&#39;", "’")
    for word in words:
        assert word.lower() in body, f"{answer.request.url.path} does not say « {word} »"
    return answer


def hides(answer: httpx.Response, *secrets: str) -> httpx.Response:
    """Fail if the body or a header holds one of the secrets."""
    held = answer.content + repr(answer.headers).encode()
    for secret in secrets:
        assert secret.encode() not in held, f"{answer.request.url.path} shows {secret}"
    return answer


def in_time(seconds: float, ask: Callable[[], Any]) -> Any:
    """Ask, and return the answer; fail when it takes longer than ``seconds`` each of eight times.

    What waits or computes too long does so each time; a busy machine does not. To be asked again must change nothing.
    """
    spent = []
    for _ in range(TRIES):
        started = monotonic()
        answer = ask()
        spent.append(monotonic() - started)
        if spent[-1] < seconds:
            return answer
    raise AssertionError(f"{min(spent):.1f} s at best, more than {seconds} s")


def like_missing(do: Callable[[str], httpx.Response], real: str, missing: str = MISSING) -> None:
    """Fail unless ``do(real)`` answers exactly as ``do(missing)``: 404, same headers, same body."""
    mine, absent = do(real), do(missing)
    difference = same_as_missing(mine, absent)
    assert difference == "", f"{mine.request.method} {mine.request.url.path}: {difference}"
