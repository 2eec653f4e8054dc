"""The platform by its verbs, over HTTP alone: whoever has this can test it without knowing its addresses.

One `Adapter` is one browser: its own cookies, no redirect followed. Every verb returns the raw exchange
(``httpx.Response``) and raises nothing for a refusal; it fetches the form's token by itself. A verb of the catalogue that
the platform does not have yet raises `NotBuiltYet`.

    platform = Adapter("http://127.0.0.1:8000")
    world = platform.seed("P3")
    juror = platform.session(world["people"]["RJ"])
    juror.sheet.save(world["seats"]["RJ"], world["candidacies"]["main"], {"need": 3})

Identifiers (``candidacy``, ``seat``, ``round_``…) are those that `seed` returns or that `parse_ids` finds in a page.
"""

import re
from typing import Any

import httpx

from tests.adapter_decisions import PublicationVerbs
from tests.adapter_files import CompletionVerbs, FileVerbs
from tests.adapter_forms import comparable, find_form, read_page
from tests.adapter_verbs import (
    AuditVerbs,
    CertificateVerbs,
    DraftVerbs,
    MailVerbs,
    MemberVerbs,
    NotBuiltYet,
    PanelVerbs,
    PublicVerbs,
    SettingVerbs,
    SheetVerbs,
    TrialVerbs,
)

__all__ = ["Adapter", "NotBuiltYet", "parse_ids", "same_as_missing"]

MISSING = "AAAAAAAAAAAAAAAAAAAAAA"
IGNORED_HEADERS = {
    "date",
    "set-cookie",
    "content-length",
    "connection",
    "server",
    "keep-alive",
    "x-request-id",
}
KEY = re.compile(r"(?<![\w-])[A-Za-z0-9_-]{22}(?![\w-])")


class Adapter:
    """One browser session on a platform at ``base_url``."""

    def __init__(self, base_url: str, *, timeout: float = 180.0) -> None:
        self.base_url = base_url.rstrip("/")
        self.http = httpx.Client(
            base_url=self.base_url, follow_redirects=False, timeout=timeout, trust_env=False
        )
        self._token: str | None = None
        self.structure = MemberVerbs(self)
        self.draft = DraftVerbs(self)
        self.file = FileVerbs(self)
        self.panel = PanelVerbs(self)
        self.complement = CompletionVerbs(self)
        self.sheet = SheetVerbs(self)
        self.public = PublicVerbs(self)
        self.cert = CertificateVerbs(self)
        self.publishing = PublicationVerbs(self)
        self.settings = SettingVerbs(self)
        self.audit = AuditVerbs(self)
        self.mail = MailVerbs(self)
        self._trials = TrialVerbs(self)
        self.clock = self._trials.clock
        self.job = self._trials.job
        self.fault = self._trials.fault
        self.seed = self._trials.seed
        self.digest = self._trials.digest
        self.fill = self._trials.fill
        self.log = self._trials.log

    def close(self) -> None:
        """Close the connections."""
        self.http.close()

    def session(self, person: dict[str, str] | None = None) -> "Adapter":
        """Return another browser, signed in as ``person`` (``{"email", "password"}``) or as nobody."""
        other = Adapter(self.base_url)
        if person is not None:
            answer = other.login(person["email"], person["password"])
            if answer.status_code != 303:
                raise RuntimeError(f"{person['email']} could not sign in: {answer.status_code}")
        return other

    # Requests -----------------------------------------------------------------------------------------------------

    def get(self, path: str, **options: Any) -> httpx.Response:
        """Ask for an address."""
        return self.http.get(path, **options)

    def token(self) -> str:
        """Return this session's token of forms."""
        if self._token is None:
            for path in ("/compte", "/compte/connexion"):
                found = re.search(r'name="csrf_token"[^>]*value="([^"]+)"', self.http.get(path).text)
                if found:
                    self._token = found.group(1)
                    break
            else:
                raise RuntimeError("no page gives a form token")
        return self._token

    def forget_token(self) -> None:
        """Ask for a new form token next time: the session has changed."""
        self._token = None

    def post(
        self,
        path: str,
        data: dict[str, Any] | None = None,
        *,
        files: Any = None,
        headers: dict[str, str] | None = None,
        token: str | None = None,
    ) -> httpx.Response:
        """Send a form with its token (``token``: another one; empty: none)."""
        sent = dict(data or {})
        kept = self.token() if token is None else token
        if kept:
            sent["csrf_token"] = kept
        return self.http.post(path, data=sent, files=files, headers=headers)

    def post_page(self, page: str, action: str, data: dict[str, Any]) -> httpx.Response:
        """Open ``page``, fill the form that goes to an address ending with ``action`` with ``data``, and send it.

        When the page does not open or has no such form, the bare values are sent to ``action`` under the page's own
        address: a person without the right may still try.
        """
        shown = self.get(page)
        form = find_form(shown, action) if shown.status_code == 200 else None
        if form is None:
            target = action if action.startswith("/") else page.rstrip("/") + "/" + action
            return self.post(target, data)
        sent: dict[str, Any] = {
            name: values if len(values) > 1 else values[0] for name, values in form.values.items() if values
        }
        return self.post(form.action, {**sent, **data})

    # Accounts -----------------------------------------------------------------------------------------------------

    def register(self, name: str, email: str, password: str = "") -> httpx.Response:
        """Open an account. 303 to « message envoyé » whether or not the address is known; 422 with the errors."""
        return self.post("/compte/inscription", {"name": name, "email": email, "password": password})

    def verify(self, link: str) -> httpx.Response:
        """Press the button of a confirmation link (an address or its path). 303 signed in; 410 when spent."""
        answer = self.post(self._path(link))
        self.forget_token()
        return answer

    def login(self, email: str, password: str, *, next_: str = "") -> httpx.Response:
        """Sign in. 303 home (or to ``next_``); 422 with the same sentence for a wrong address or password; 429."""
        answer = self.post("/compte/connexion", {"email": email, "password": password, "suite": next_})
        self.forget_token()
        return answer

    def logout(self) -> httpx.Response:
        """Sign out."""
        answer = self.post("/compte/deconnexion")
        self.forget_token()
        return answer

    def mfa(self, *_: Any) -> httpx.Response:
        """Give a second factor."""
        raise NotBuiltYet("mfa")

    def reset_ask(self, email: str) -> httpx.Response:
        """Ask for a link to choose a new password; the same answer for every address."""
        return self.post("/compte/mot-de-passe-oublie", {"email": email})

    def reset_do(self, link: str, password: str) -> httpx.Response:
        """Choose a new password with a link."""
        answer = self.post(self._path(link), {"password": password})
        self.forget_token()
        return answer

    def link_ask(self, email: str) -> httpx.Response:
        """Ask for a sign-in link; the same answer for every address."""
        return self.post("/compte/lien", {"email": email})

    def accept(self, link: str) -> httpx.Response:
        """Accept an invitation (to a jury or a structure) by its link. 303, signed in; 410 when spent; 409 for another."""
        answer = self.post(self._path(link))
        self.forget_token()
        return answer

    def invite(self, structure: str, email: str, standing: str = "member") -> httpx.Response:
        """Invite a person to a structure (the same as ``structure.member_add``)."""
        return self.structure.member_add(structure, email, standing)

    def own_data(self) -> httpx.Response:
        """Download one's own data (JSON)."""
        return self.get("/compte/mes-donnees.json")

    # Candidacies --------------------------------------------------------------------------------------------------

    def submit(self, candidacy: str, key: str | None = None, *, json: bool = False) -> httpx.Response:
        """Submit; ``key`` makes a retry the same act. 303 to the receipt (JSON: 200 with it); 422 with what is missing."""
        data = {} if key is None else {"cle": key}
        headers = {"Accept": "application/json"} if json else None
        return self.post(f"/candidatures/{candidacy}/deposer", data, headers=headers)

    def takeback(self, candidacy: str) -> httpx.Response:
        """Take a submission back to change it; it stands until replaced."""
        return self.post(f"/candidatures/{candidacy}/reprendre")

    def withdraw(self, candidacy: str, reason: str = "Nous renonçons.") -> httpx.Response:
        """Withdraw a submitted candidacy, with a reason."""
        return self.post(f"/candidatures/{candidacy}/retirer", {"reason": reason})

    def receipt(self, candidacy: str, *, pdf: bool = False) -> httpx.Response:
        """Read the receipt of the submission that stands (``receipt.get`` of the catalogue)."""
        return self.get(f"/candidatures/{candidacy}/accuse{'.pdf' if pdf else ''}")

    def eligibility(self, round_: str, candidacy: str, verdict: str, reason: str = "") -> httpx.Response:
        """Decide admissibility (« admissible » or « inadmissible » with a reason): ``eligibility.set``."""
        page = f"/coordination/{round_}/recevabilite/{candidacy}"
        return self.post_page(page, page, {"verdict": verdict, "reason": reason})

    # Rounds -------------------------------------------------------------------------------------------------------

    def open_scoring(self, round_: str) -> httpx.Response:
        """Open the scoring of a round (coordinator; national staff for the nation)."""
        return self.post_page(f"/coordination/{round_}/jury", f"/coordination/{round_}/ouvrir-notation", {})

    def progress(self, round_: str) -> httpx.Response:
        """Read who has finished (never a value)."""
        return self.get(f"/coordination/{round_}/avancement")

    def ranking(self, round_: str) -> httpx.Response:
        """Read aggregates and ranking as the chamber does."""
        return self.get(f"/coordination/{round_}/classement")

    def distribution(self, seat: str) -> httpx.Response:
        """Read ranking and distribution as a juror does, after the lock."""
        return self.get(f"/jury/{seat}/classement")

    def lock(self, seat: str) -> httpx.Response:
        """Lock the round (its chair)."""
        return self.post_page(f"/jury/{seat}/avancement", f"/jury/{seat}/verrouiller", {})

    def minutes(self, seat: str, **content: str) -> httpx.Response:
        """Write the minutes (chair): place, held_on, chair, secretary, notes."""
        page = f"/jury/{seat}/proces-verbal"
        return self.post_page(page, page, content)

    def confirm(self, round_: str) -> httpx.Response:
        """Confirm the round's whole set of decisions (second person)."""
        page = f"/coordination/{round_}/decisions"
        return self.post_page(page, f"{page}/confirmer", {})

    def preview(self, round_: str) -> httpx.Response:
        """Read the preview of the public page of a round under embargo, by the link made for this session."""
        return self.get(f"/coordination/{round_}/publication/apercu", follow_redirects=True)

    def publication(self, round_: str) -> httpx.Response:
        """Read the page of the publication: embargo, what is armed."""
        return self.get(f"/coordination/{round_}/publication")

    def export(self, kind: str, round_: str, **params: str) -> httpx.Response:
        """Download an export of a round: « candidatures », « agregats », « notes », « archive »."""
        return self.get(f"/coordination/{round_}/exports/{kind}", params=params)

    def search(self, round_: str, words: str, **params: str) -> httpx.Response:
        """Search the files of a round by words, as its chamber."""
        return self.get(f"/coordination/{round_}/recevabilite", params={"recherche": words, **params})

    def erase(self, *_: Any) -> httpx.Response:
        """Erase a person on request."""
        raise NotBuiltYet("erase")

    def purge(self, *_: Any) -> httpx.Response:
        """Run the purge."""
        raise NotBuiltYet("purge")

    def health(self) -> httpx.Response:
        """Ask whether the platform is well."""
        raise NotBuiltYet("health")

    def letters(self, recipient: str | None = None) -> list[dict[str, str]]:
        """Return the letters that left (the hook ``mail.sink``), of one recipient or of all, oldest first."""
        return self.mail.sink(recipient)

    def _path(self, link: str) -> str:
        return "/" + link.split("/", 3)[3] if link.startswith("http") else link


def same_as_missing(response: httpx.Response, missing: httpx.Response) -> str:
    """Compare an answer with the one for an identifier that does not exist: "" when equal, else what differs.

    Status, headers and body must be equal once form tokens, nonces and request identifiers are taken out (the 404≡).
    """
    if (response.status_code, missing.status_code) != (404, 404):
        return f"status {response.status_code}, and {missing.status_code} for the missing one"
    mine, theirs = (
        {name: value for name, value in one.headers.items() if name.lower() not in IGNORED_HEADERS}
        for one in (response, missing)
    )
    if mine != theirs:
        return f"headers differ: {set(mine.items()) ^ set(theirs.items())}"
    asked, absent = response.request.url.raw_path.decode(), missing.request.url.raw_path.decode()
    bodies = [
        comparable(one.text).replace(path, "").replace(path.split("?")[0], "")
        for one, path in ((response, asked), (missing, absent))
    ]
    if bodies[0] != bodies[1]:
        return "bodies differ"
    return ""


def parse_ids(response: httpx.Response) -> set[str]:
    """Return the identifiers that appear in the links and forms of a page."""
    forms, links = read_page(response)
    places = [*links, *(form.action for form in forms)]
    return {key for place in places for key in KEY.findall(place)}
