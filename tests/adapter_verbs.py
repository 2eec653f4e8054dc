"""The verbs of the adapter that come in families, each a namespace of `tests.adapter.Adapter`."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import httpx

if TYPE_CHECKING:
    from tests.adapter import Adapter

JSON = {"Accept": "application/json"}
LINK = re.compile(r"https?://[^\s\"<>]+")


class NotBuiltYet(Exception):
    """The platform has no such verb yet."""


class Verbs:
    """A family of verbs of one browser."""

    def __init__(self, adapter: Adapter) -> None:
        self.adapter = adapter


class MemberVerbs(Verbs):
    """Structures and their people."""

    def create(self, **values: str) -> httpx.Response:
        """Register a structure: name, legal_family, identifier, founded_on, address, postcode, city…

        303 to « Demande enregistrée », the same whether the number is known (a request then goes to its people); 422.
        """
        return self.adapter.post("/structure/nouvelle", values)

    def get(self, structure: str) -> httpx.Response:
        """Read the record."""
        return self.adapter.get(f"/structure/{structure}")

    def edit(self, structure: str, **values: str) -> httpx.Response:
        """Change the record; what is not given stays as the page shows it."""
        page = f"/structure/{structure}"
        return self.adapter.post_page(page, page, values)

    def members(self, structure: str) -> httpx.Response:
        """Read the list of members."""
        return self.adapter.get(f"/structure/{structure}/membres")

    def member_add(self, structure: str, email: str, standing: str = "member") -> httpx.Response:
        """Invite a person (« member » or « responsible »)."""
        return self.adapter.post(f"/structure/{structure}/membres", {"email": email, "standing": standing})

    def member_remove(self, structure: str, membership: str) -> httpx.Response:
        """End a membership or an invitation. 409 for the last one responsible."""
        return self.adapter.post(f"/structure/{structure}/membres/{membership}/retirer")


class DraftVerbs(Verbs):
    """A candidacy as its own people write it."""

    def create(self, structure: str) -> httpx.Response:
        """Open a draft for a structure. 303 to it; 409 when there is one."""
        return self.adapter.post("/candidatures/nouvelle", {"structure": structure})

    def get(self, candidacy: str) -> httpx.Response:
        """Read the task list."""
        return self.adapter.get(f"/candidatures/{candidacy}")

    def section(self, candidacy: str, section: str) -> httpx.Response:
        """Read a section of the form."""
        return self.adapter.get(f"/candidatures/{candidacy}/rubriques/{section}")

    def save(
        self,
        candidacy: str,
        field: str,
        value: str,
        version: int | None = None,
        key: str | None = None,
        **more: Any,
    ) -> httpx.Response:
        """Save one answer. 200 ``{"version": n}``; 409 with ``yours`` and ``theirs`` when ``version`` is stale."""
        data: dict[str, Any] = {"field": field, "value": value, **more}
        if version is not None:
            data["version"] = str(version)
        if key is not None:
            data["cle"] = key
        return self.adapter.post(f"/candidatures/{candidacy}/enregistrer", data, headers=JSON)

    def save_section(self, candidacy: str, section: str, **values: str) -> httpx.Response:
        """Save a whole section without any script; what is not given stays as the page shows it."""
        page = f"/candidatures/{candidacy}/rubriques/{section}"
        return self.adapter.post_page(page, page, values)

    def review(self, candidacy: str) -> httpx.Response:
        """Read it again as the jury will, with what is missing."""
        return self.adapter.get(f"/candidatures/{candidacy}/relecture")

    def delete(self, candidacy: str) -> httpx.Response:
        """Delete a draft (restorable for thirty days)."""
        return self.adapter.post(f"/candidatures/{candidacy}/suppression")

    def restore(self, candidacy: str) -> httpx.Response:
        """Restore a deleted draft."""
        return self.adapter.post(f"/candidatures/{candidacy}/restaurer")


class PanelVerbs(Verbs):
    """Juries: seats and ties of interest."""

    def read(self, round_: str) -> httpx.Response:
        """Read the composition of a jury as the chamber."""
        return self.adapter.get(f"/coordination/{round_}/jury")

    def add(self, round_: str, name: str, email: str, function: str = "juror", **more: str) -> httpx.Response:
        """Invite a juror: function « juror », « chair », « deputy »."""
        page = f"/coordination/{round_}/jury"
        return self.adapter.post_page(
            page, page, {"name": name, "email": email, "function": function, **more}
        )

    def remove(self, round_: str, seat: str, reason: str = "Empêchement.") -> httpx.Response:
        """Remove a juror; their sheets are set aside."""
        return self.adapter.post(f"/coordination/{round_}/jury/{seat}/retirer", {"reason": reason})

    def charter(self, seat: str) -> httpx.Response:
        """Accept the charter of one's seat."""
        page = f"/jury/{seat}/charte"
        return self.adapter.post_page(page, page, {"accepted": "y"})

    def declare(self, seat: str, candidacy: str, verdict: str, reason: str = "") -> httpx.Response:
        """Declare one's tie with a file: « none », « recused » or « unsure » (``coi.declare``)."""
        page = f"/jury/{seat}/liens"
        return self.adapter.post(page, {f"verdict-{candidacy}": verdict, f"reason-{candidacy}": reason})


class SheetVerbs(Verbs):
    """A juror's own scoresheets; ``marks`` maps a criterion to a level (an integer, or any text to try)."""

    def list(self, seat: str) -> httpx.Response:
        """Read the list of files to score."""
        return self.adapter.get(f"/jury/{seat}")

    def get(self, seat: str, candidacy: str) -> httpx.Response:
        """Read a file and one's own sheet on it."""
        return self.adapter.get(f"/jury/{seat}/candidatures/{candidacy}")

    def save(
        self, seat: str, candidacy: str, marks: dict[str, Any], version: int | None = None, **more: Any
    ) -> httpx.Response:
        """Save marks. 303; 422 with an error a field; 404 where one may not; 409 once locked or changed elsewhere."""
        data: dict[str, Any] = {f"mark-{code}": str(level) for code, level in marks.items()} | more
        if version is not None:
            data |= {f"mark-{code}-version": str(version) for code in marks}
        return self.adapter.post(f"/jury/{seat}/candidatures/{candidacy}/noter", data)

    def save_one(
        self, seat: str, candidacy: str, field: str, value: str, version: str | None = None
    ) -> httpx.Response:
        """Save one field as it changes (« mark-CODE », « mark-CODE-reason », « private_note »…). 200 with its version."""
        data = {"field": field, "value": value} | ({} if version is None else {"version": version})
        return self.adapter.post(f"/jury/{seat}/candidatures/{candidacy}/noter", data, headers=JSON)

    def send_json(self, seat: str, candidacy: str, body: str | bytes) -> httpx.Response:
        """Send a raw JSON body to the sheet."""
        headers = {"Content-Type": "application/json", "X-CSRFToken": self.adapter.token(), **JSON}
        return self.adapter.http.post(
            f"/jury/{seat}/candidatures/{candidacy}/noter", content=body, headers=headers
        )

    def final(self, seat: str, candidacy: str) -> httpx.Response:
        """Declare one's sheet final."""
        return self.adapter.post(f"/jury/{seat}/candidatures/{candidacy}/final")

    def later(self, seat: str, candidacy: str) -> httpx.Response:
        """Put a file aside for later."""
        return self.adapter.post(f"/jury/{seat}/candidatures/{candidacy}/plus-tard")

    def own(self, seat: str) -> httpx.Response:
        """Read one's own marks."""
        return self.adapter.get(f"/jury/{seat}/mes-notes")

    def done(self, seat: str) -> httpx.Response:
        """Say « j’ai terminé »."""
        return self.adapter.post(f"/jury/{seat}/termine")


class PublicVerbs(Verbs):
    """What anybody may read."""

    def page(self, path: str = "/") -> httpx.Response:
        """Read a public address."""
        return self.adapter.get(path)

    def list(self, year: int | None = None, region: str | None = None) -> httpx.Response:
        """Read the honours: all, of a year, of a region in a year (its slug)."""
        parts = ["/palmares", *(str(part) for part in (year, region) if part)]
        return self.adapter.get("/".join(parts))

    def feed(self) -> httpx.Response:
        """Read the Atom feed."""
        return self.adapter.get("/palmares.atom")

    def api(self, form: str = "json") -> httpx.Response:
        """Read the open data: « json » or « csv »."""
        return self.adapter.get(f"/palmares.{form}")

    def sitemap(self) -> httpx.Response:
        """Read the sitemap."""
        return self.adapter.get("/sitemap.xml")

    def laureate(self, slug: str) -> httpx.Response:
        """Read the page of a laureate."""
        return self.adapter.get(f"/laureats/{slug}")

    def og(self, *_: Any) -> httpx.Response:
        """The sharing image of a page."""
        raise NotBuiltYet("public.og")


class CertificateVerbs(Verbs):
    """Certificates."""

    def get(self, number: str) -> httpx.Response:
        """Download a certificate (its structure from publication on; the chamber from the decision)."""
        return self.adapter.get(f"/certificats/{number}/telecharger")

    def verify(self, number: str) -> httpx.Response:
        """Check a number; before publication the same « numéro inconnu » as for any."""
        return self.adapter.get(f"/certificats/{number}")

    def order(self, round_: str) -> httpx.Response:
        """Order the certificates of a round."""
        page = f"/coordination/{round_}/certificats"
        return self.adapter.post_page(page, f"{page}/commander", {})


class SettingVerbs(Verbs):
    """Settings of an edition and its rounds."""

    def deadline(
        self, round_: str, closes: str, reason: str = "À la demande des structures.", **more: str
    ) -> httpx.Response:
        """Move the deadline of a round (local time ``YYYY-MM-DDTHH:MM``), with a reason.

        ``zone`` moves the round to another zone, ``fold`` (« 0 » or « 1 ») tells an hour that happens twice. 303 done or
        waiting for a second person; 422 with the two readings of an impossible hour; 409.
        """
        page = f"/coordination/{round_}/echeance"
        day, _, hour = closes.partition("T")
        return self.adapter.post_page(page, page, {"day": day, "hour": hour, "reason": reason, **more})

    def criteria(self, year: int, level: str, **weights: str) -> httpx.Response:
        """Change the weights of a grid (« regional » or « national »)."""
        page = f"/coordination/editions/{year}/grille/{level}"
        return self.adapter.post_page(page, page, weights)

    def question(self, year: int, code: str, **changes: str) -> httpx.Response:
        """Change a question of the form; what is not given stays as the page shows it. 422 without « reason » once open."""
        page = f"/coordination/editions/{year}/formulaire/questions/{code}"
        return self.adapter.post_page(page, page, changes)

    def new_question(self, year: int, kind: str, section: str, **values: str) -> httpx.Response:
        """Add a question of a kind to a section of the form, at its end."""
        page = f"/coordination/editions/{year}/formulaire/questions/nouvelle?forme={kind}&rubrique={section}"
        return self.adapter.post_page(page, page, values)

    def retire_question(self, year: int, code: str, reason: str) -> httpx.Response:
        """Ask a question no longer; its answers are kept."""
        return self.adapter.post(
            f"/coordination/editions/{year}/formulaire/questions/{code}/retrait", {"reason": reason}
        )

    def move_question(self, year: int, code: str, way: str, reason: str) -> httpx.Response:
        """Move a question one step (« haut » or « bas ») in its section."""
        return self.adapter.post(
            f"/coordination/editions/{year}/formulaire/ordre",
            {"deplacer": f"questions:{code}:{way}", "reason": reason},
        )

    def template(self, round_: str, code: str, subject: str, body: str) -> httpx.Response:
        """Change the text of a letter (« correction_requested »…) as a round sends it. 303; 422 for a foreign placeholder."""
        return self.adapter.post(
            f"/coordination/{round_}/formulations/{code}", {"subject": subject, "body": body}
        )


class AuditVerbs(Verbs):
    """The journal of acts."""

    def read(self, **params: str) -> httpx.Response:
        """Read the journal, in one's own scope."""
        return self.adapter.get("/coordination/journal", params=params)

    def verify(self) -> httpx.Response:
        """Verify the chain of the journal."""
        return self.adapter.get("/coordination/journal/verification")

    def heads(self) -> httpx.Response:
        """Download the head of the chain."""
        return self.adapter.get("/coordination/journal/tetes.json")


class MailVerbs(Verbs):
    """Messages, as staff read them, and the sink that the tests read."""

    def list(self, round_: str) -> httpx.Response:
        """Read the outbox of a round."""
        return self.adapter.get(f"/coordination/{round_}/messages")

    def bulk(self, round_: str, audience: str, subject: str, body: str) -> str:
        """Write a text to many and return the address of its page: nothing leaves before `send`."""
        page = f"/coordination/{round_}/envois/nouveau"
        answer = self.adapter.post_page(page, page, {"audience": audience, "subject": subject, "body": body})
        return str(answer.headers.get("Location", ""))

    def send(self, page: str, number: str = "") -> httpx.Response:
        """Let a text to many leave."""
        return self.adapter.post(f"{page}/envoyer", {"number": number})

    def test(self, page: str, **more: str) -> httpx.Response:
        """Send oneself a text to many; ``more`` are fields that the form does not have."""
        return self.adapter.post(f"{page}/essai", more)

    def test_wording(self, round_: str, code: str, **more: str) -> httpx.Response:
        """Send oneself the text of a letter; ``more`` are fields that the form does not have."""
        return self.adapter.post(f"/coordination/{round_}/envois/essai", {"code": code, **more})

    def sink(self, recipient: str | None = None) -> list[dict[str, str]]:
        """Return the letters that left, of one recipient or of all, oldest first (hook)."""
        answer = self.adapter.http.get("/__test__/mail")
        answer.raise_for_status()
        found: list[dict[str, str]] = answer.json()["letters"]
        return [letter for letter in found if recipient is None or letter["recipient"] == recipient]

    def link(self, recipient: str, kind: str) -> str:
        """Return the link of the last letter of a kind to a recipient (hook). Raises LookupError if there is none."""
        for letter in reversed(self.sink(recipient)):
            if letter["kind"] == kind:
                found = LINK.search(letter["text"])
                if found:
                    return found.group(0).rstrip(".,;")
        raise LookupError(f"{recipient} got no {kind} with a link")


class _Clock(Verbs):
    def set(self, instant: str | None, *, frozen: bool = True, announced: bool = True) -> httpx.Response:
        """Set the platform's clock to an ISO instant with its zone; None gives it back to the machine.

        Unannounced, the clock jumps as a machine's would by mistake, and the guard of the clock minds.
        """
        body = {"instant": instant, "frozen": frozen, "announced": announced}
        return self.adapter.http.post("/__test__/clock", json=body)


class _Job(Verbs):
    def run(self, name: str, *args: str | int) -> httpx.Response:
        """Run a job now: ``sweep`` or ``module.function``."""
        return self.adapter.http.post("/__test__/job", json={"name": name, "args": list(args)})


class TrialVerbs(Verbs):
    """The hooks that only a test platform has."""

    def __init__(self, adapter: Adapter) -> None:
        super().__init__(adapter)
        self.clock = _Clock(adapter)
        self.job = _Job(adapter)

    def fault(self, point: str | None, kind: str = "raise", *, times: int = 1) -> httpx.Response:
        """Arm a point (before_commit, after_commit, storage.put, mail.send) for its next passages; None disarms all."""
        return self.adapter.http.post("/__test__/fault", json={"point": point, "kind": kind, "times": times})

    def fill(self, texts: Sequence[str]) -> httpx.Response:
        """Put texts, in turn, wherever people's words are kept: names, titles, answers, comments, motives, labels."""
        return self.adapter.http.post("/__test__/fill", json={"texts": list(texts)}, timeout=600)

    def log(self) -> list[str]:
        """Return the last lines of the platform's log, as they are written."""
        answer = self.adapter.http.get("/__test__/log")
        answer.raise_for_status()
        found: list[str] = answer.json()["lines"]
        return found

    def digest(self) -> dict[str, str]:
        """Return a hash of each domain table (sessions and counters of attempts apart), for « no effect »."""
        answer = self.adapter.http.get("/__test__/digest")
        answer.raise_for_status()
        found: dict[str, str] = answer.json()
        return found

    def seed(self, phase: str) -> dict[str, Any]:
        """Lay the world of a phase over the whole platform and return who and what is in it.

        people (email, password, name by subject), rounds (A, B, N), candidacies, structures, attachments, seats,
        receipts, decisions, certificates, canaries (strings that some may never see), now.
        """
        answer = self.adapter.http.post("/__test__/seed", json={"phase": phase}, timeout=600)
        answer.raise_for_status()
        self.adapter.forget_token()
        found: dict[str, Any] = answer.json()
        return found
