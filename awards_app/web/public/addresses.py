"""Whole addresses of public pages, for feeds and for whoever shares a page."""

from typing import Any

from flask import current_app, request, url_for


def whole(endpoint: str, **values: Any) -> str:
    """Return the whole address of a page: on the configured site, on the one asked when none is configured."""
    return site() + url_for(endpoint, **values)


def site() -> str:
    """Return the address of the site, without its last slash."""
    return str(current_app.config["AWARDS_PUBLIC_URL"] or request.host_url).rstrip("/")
