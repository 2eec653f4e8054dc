"""Addresses that leave the platform, in mails and papers: always the configured one, never a request's."""

from flask import current_app


def public_address(path: str) -> str:
    """Return the whole address of ``path`` (« /candidatures/… ») on the public site."""
    base = current_app.config["AWARDS_PUBLIC_URL"] or "http://127.0.0.1:8000"
    return base.rstrip("/") + path
