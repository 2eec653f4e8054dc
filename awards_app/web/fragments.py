"""Pieces of pages that are drawn once: kept by everything they show, so that a stale one cannot be found."""

from collections import OrderedDict
from collections.abc import Callable, Hashable
from threading import Lock

from flask import Flask
from markupsafe import Markup

MOST_SIGNS = 4_000_000


class Fragments:
    """The pieces drawn in this process, the least used leaving first; ``most_signs`` bounds what they hold together.

    A piece is found again only by an equal key. The key holds all that the piece shows (the values themselves, never the
    name of a row that may change) and the language; the right to read it was settled before, by the query that gave them.
    """

    def __init__(self, most_signs: int = MOST_SIGNS) -> None:
        self.most_signs = most_signs
        self._signs = 0
        self._kept: OrderedDict[Hashable, Markup] = OrderedDict()
        self._lock = Lock()

    def drawn_once(self, *key: Hashable, caller: Callable[[], Markup]) -> Markup:
        """Return the piece of ``key``, drawn by ``caller`` when it is not kept: ``{% call drawn_once(…) %}…{% endcall %}``."""
        with self._lock:
            found = self._kept.get(key)
            if found is not None:
                self._kept.move_to_end(key)
                return found
        drawn = Markup(caller())
        with self._lock:
            if key not in self._kept:
                self._kept[key] = drawn
                self._signs += len(drawn)
            while self._signs > self.most_signs and self._kept:
                self._signs -= len(self._kept.popitem(last=False)[1])
        return drawn

    def __len__(self) -> int:
        return len(self._kept)


def attach(app: Flask) -> None:
    """Give templates `drawn_once`, with a room of this application alone; nothing stays where templates are being written."""
    fragments = Fragments(0 if app.config["TEMPLATES_AUTO_RELOAD"] else MOST_SIGNS)
    app.jinja_env.globals["drawn_once"] = fragments.drawn_once
