"""The application object: Flask, with the addresses of its pages kept by what makes them."""

import hashlib
from functools import lru_cache
from pathlib import Path
from typing import Any

from flask import Flask, Response, has_request_context, request
from jinja2 import Template
from jinja2.environment import TemplateModule
from jinja2.runtime import Context

from awards_app.web.tongues import Tongues

# Enough for what a busy day shows; the oldest leave first.
MOST_ADDRESSES = 4096
_KEPT_VALUES = frozenset({str, int, type(None)})


@lru_cache(maxsize=4)
def release_of(static_folder: str) -> str:
    """Return what names the scripts of a release: a digest of all of them."""
    files = sorted((Path(static_folder) / "js").glob("*.js"))
    return hashlib.sha256(b"\0".join(file.read_bytes() for file in files)).hexdigest()[:12]


class Site(Flask):
    """Flask, whose `url_for` builds an address once: a page asks for some thirty, always of the same kind."""

    jinja_environment = Tongues

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._address = lru_cache(maxsize=MOST_ADDRESSES)(self._build_address)

    def url_for(
        self,
        /,
        endpoint: str,
        *,
        _anchor: str | None = None,
        _method: str | None = None,
        _scheme: str | None = None,
        _external: bool | None = None,
        **values: Any,
    ) -> str:
        """Return the address of an endpoint, as Flask does.

        An address is kept by its endpoint, its values and where the site is mounted; one that depends on anything else
        (a relative endpoint, an option) is built each time.
        """
        if (
            _anchor is _method is _scheme is _external is None
            and endpoint[0] != "."
            and _KEPT_VALUES.issuperset(map(type, values.values()))
            and has_request_context()
        ):
            return self._address(endpoint, request.script_root, tuple(values.items()))
        return super().url_for(
            endpoint, _anchor=_anchor, _method=_method, _scheme=_scheme, _external=_external, **values
        )

    def send_static_file(self, filename: str, release: str = "") -> Response:
        """Return a static file; a script asked in the name of another release comes as it is now, and is not kept.

        A script imports the others from its own folder: an address that names the release makes them all of one release,
        whatever the browser has kept. Raises `NotFound` for a file that is not there.
        """
        response = super().send_static_file(f"js/{filename}" if release else filename)
        if release and release != release_of(self.static_folder or ""):
            response.headers["Cache-Control"] = "no-store"
        return response

    def _build_address(self, endpoint: str, _mounted_at: str, items: tuple[tuple[str, Any], ...]) -> str:
        return super().url_for(endpoint, **dict(items))


class Page(Template):
    """A template whose macros are made once: all of ours have the same globals, which Jinja compares at each import."""

    def _get_default_module(self, ctx: Context | None = None) -> TemplateModule:
        return self._module or super()._get_default_module(ctx)
