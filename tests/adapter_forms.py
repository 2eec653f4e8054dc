"""Reading a page as a browser would: its forms with their default values, its links, its identifiers, its comparable text."""

import re
from dataclasses import dataclass, field
from html.parser import HTMLParser

import httpx


@dataclass
class Form:
    """A form of a page: where it goes and what it would send untouched."""

    action: str
    method: str
    values: dict[str, list[str]] = field(default_factory=dict)
    buttons: list[tuple[str, str]] = field(default_factory=list)


class _Reader(HTMLParser):
    def __init__(self, here: str) -> None:
        super().__init__(convert_charrefs=True)
        self.here = here
        self.forms: list[Form] = []
        self.links: list[str] = []
        self._open: Form | None = None
        self._named: dict[str, Form] = {}
        self._area: tuple[str, list[str]] | None = None
        self._select: tuple[str, list[str], str | None] | None = None

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attributes}
        if tag == "a" and "href" in given:
            self.links.append(given["href"])
        if tag == "form":
            self._open = Form(given.get("action") or self.here, given.get("method", "get").lower())
            self.forms.append(self._open)
            if "id" in given:
                self._named[given["id"]] = self._open
        form = self._named.get(given.get("form", ""), self._open)
        name = given.get("name")
        if (form is None or not name or "disabled" in given) and tag != "option":
            return
        if tag == "input":
            self._input(form, name, given)
        elif tag == "button":
            form.buttons.append((name, given.get("value", "")))
        elif tag == "textarea":
            self._area = (name, [])
        elif tag == "select":
            self._select = (name, [], None)
        elif tag == "option" and self._select is not None:
            select, values, first = self._select
            value = given.get("value", "")
            if "selected" in given:
                values.append(value)
            self._select = (select, values, value if first is None else first)

    @staticmethod
    def _input(form: Form, name: str, given: dict[str, str]) -> None:
        kind = given.get("type", "text").lower()
        if kind in ("submit", "image", "button"):
            form.buttons.append((name, given.get("value", "")))
        elif kind == "file":
            return
        elif kind in ("checkbox", "radio"):
            if "checked" in given:
                form.values.setdefault(name, []).append(given.get("value", "on"))
        else:
            form.values.setdefault(name, []).append(given.get("value", ""))

    def handle_data(self, data: str) -> None:
        if self._area is not None:
            self._area[1].append(data)

    def handle_endtag(self, tag: str) -> None:
        if tag == "form":
            self._open = None
        elif tag == "textarea" and self._area is not None and self._open is not None:
            name, parts = self._area
            self._open.values.setdefault(name, []).append("".join(parts).removeprefix("\n"))
            self._area = None
        elif tag == "select" and self._select is not None and self._open is not None:
            name, values, first = self._select
            chosen = values or ([first] if first is not None else [])
            self._open.values.setdefault(name, []).extend(chosen)
            self._select = None


def read_page(response: httpx.Response) -> tuple[list[Form], list[str]]:
    """Return the forms and the links of a page."""
    reader = _Reader(response.request.url.path)
    reader.feed(response.text)
    return reader.forms, reader.links


def find_form(response: httpx.Response, action: str) -> Form | None:
    """Return the first form of a page that posts to an address ending with ``action``, or None."""
    for form in read_page(response)[0]:
        if form.method == "post" and form.action.split("?")[0].endswith(action):
            return form
    return None


def comparable(text: str) -> str:
    """Return a body without what changes from one request or reader to the next: nonces, tokens, whose page it is."""
    text = re.sub(r'(data-account=")[^"]*', r"\1", text)
    text = re.sub(r'(name="csrf_token"[^>]*value=")[^"]*', r"\1", text)
    text = re.sub(r'(value=")[^"]*("[^>]*name="csrf_token")', r"\1\2", text)
    text = re.sub(r'nonce="[^"]*"', "", text)
    return re.sub(r'(data-request-id=")[^"]*', r"\1", text)
