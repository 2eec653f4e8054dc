"""Going through the pages of a person as a browser does: what links lead to, what forms ask for."""

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from html.parser import HTMLParser
from urllib.parse import urlsplit

from tests.adapter import Adapter
from tests.adapter_forms import read_page

OWN = ("/coordination", "/jury", "/structure", "/compte")
PUBLIC = ("/", "/palmares", "/certificats", "/calendrier", "/eligibilite", "/regions/bretagne")
TEXT_KINDS = {"", "text", "search", "url", "tel", "email"}
KEYED = re.compile(r"/[A-Za-z0-9_-]{22}(?=/|$)|/\d+(?=/|$)|(?<=/regions)/[^/]+|(?<=/laureats)/[^/]+")
# Not followed: what is a file, another language, a way out of the session.
LEFT_OUT = re.compile(
    r"\.(pdf|json|csv|xml|atom|ics|zip|xlsx)$|/langue|/exports/|/pieces/|/telecharger|/styleguide|/static/"
)
# Not sent: what ends, deletes, decides, or moves to another phase.
NOT_SENT = re.compile(
    r"deconnexion|suppr|retirer|fermer|mot-de-passe|verrouiller|confirmer|refuser|publi|archiv|desactiver|langue|deposer|"
    r"terminer|termine$|final$|annul|revoquer|reprendre|deverrouiller|ouvrir-notation|connexion|inscription|__test__|courrier"
)


def shape_of(path: str) -> str:
    """Return an address without its identifiers."""
    return KEYED.sub("/…", path.split("?")[0])


def pages_of(
    person: Adapter, *, limit: int = 60, each: int = 2, homes: tuple[str, ...] = OWN
) -> Iterator[tuple[str, str]]:
    """Yield the address and the text of the pages a person gets to by links, at most ``each`` of one shape.

    Somebody's own rooms only, or the public ones when ``homes`` are those.
    """
    waiting, seen, shapes = list(homes), set(homes), Counter[str]()
    while waiting and limit:
        path = waiting.pop(0)
        if shapes[shape_of(path)] >= each:
            continue
        answer = person.get(path, follow_redirects=True)
        path = answer.url.raw_path.decode()
        assert answer.status_code < 500, f"{path}: {answer.status_code}"
        if answer.status_code != 200 or "text/html" not in answer.headers.get("Content-Type", ""):
            continue
        shapes[shape_of(path)] += 1
        limit -= 1
        yield path, answer.text
        for link in read_page(answer)[1]:
            place = urlsplit(link)
            if place.netloc and not person.base_url.endswith(place.netloc):
                continue
            target = place.path + (f"?{place.query}" if place.query else "")
            inside = place.path.startswith((*OWN, "/candidatures")) == (homes == OWN)
            if inside and target.startswith("/") and target not in seen and not LEFT_OUT.search(place.path):
                seen.add(target)
                waiting.append(target)


@dataclass
class TypedForm:
    """A form that takes words: where it goes, what it would send untouched, which of its fields are words."""

    action: str
    values: dict[str, str] = field(default_factory=dict)
    words: list[str] = field(default_factory=list)
    has_file: bool = False


class _Reader(HTMLParser):
    def __init__(self, here: str) -> None:
        super().__init__(convert_charrefs=True)
        self.here, self.forms = here, list[TypedForm]()
        self._form: TypedForm | None = None
        self._area = self._select = ""

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attributes}
        name, form = given.get("name", ""), self._form
        if tag == "form":
            self._form = (
                TypedForm(given.get("action") or self.here)
                if given.get("method", "").lower() == "post"
                else None
            )
            if self._form:
                self.forms.append(self._form)
        elif form is None or (not name and tag != "option"):
            return
        elif tag == "textarea":
            self._area = name
            form.words.append(name)
            form.values[name] = ""
        elif tag == "select":
            self._select = name
        elif tag == "option" and self._select and ("selected" in given or self._select not in form.values):
            form.values[self._select] = given.get("value", "")
        elif tag == "input":
            self._input(form, name, given)

    @staticmethod
    def _input(form: TypedForm, name: str, given: dict[str, str]) -> None:
        kind = given.get("type", "").lower()
        if kind == "file":
            form.has_file = True
        elif kind in TEXT_KINDS:
            form.words.append(name)
            form.values[name] = given.get("value", "")
        elif kind not in ("checkbox", "radio") or "checked" in given:
            form.values[name] = given.get("value", "on")
        elif kind == "radio":
            form.values.setdefault(name, given.get("value", "on"))

    def handle_data(self, data: str) -> None:
        if self._area and self._form:
            self._form.values[self._area] += data

    def handle_endtag(self, tag: str) -> None:
        if tag == "form":
            self._form = None
        elif tag == "textarea":
            self._area = ""
        elif tag == "select":
            self._select = ""


def word_forms(path: str, page: str) -> list[TypedForm]:
    """Return the forms of a page that take words and may be sent without ending anything."""
    return [form for form in sent_forms(path, page) if form.words and not NOT_SENT.search(form.action)]


def sent_forms(path: str, page: str) -> list[TypedForm]:
    """Return every form of a page that writes."""
    reader = _Reader(path.split("?")[0])
    reader.feed(page)
    return reader.forms
