"""Who is asking: the signed-in person of this request, through Flask-Login and our session rows."""

import hashlib
from urllib.parse import urlsplit

from flask import Flask, request, session
from flask_login import LoginManager, UserMixin, current_user, login_user, logout_user

from awards_app.adapters.clock import now
from awards_app.domain.holder import Holder
from awards_app.queries.accounts import holder_of_session

SESSION_KEY = "_user_id"


class SignedIn(UserMixin):
    """Flask-Login's view of a holder; its identifier is the session's token, never the account's."""

    def __init__(self, holder: Holder, token: str) -> None:
        self.holder = holder
        self.token = token

    def get_id(self) -> str:
        """Return the token that the cookie keeps."""
        return self.token


def token_hash(token: str) -> str:
    """Return how a session's or a link's token is kept in the database."""
    return hashlib.sha256(token.encode()).hexdigest()


def the_holder() -> Holder | None:
    """Return the person of this request, or None for a visitor."""
    # The proxy's own way to its object: asked for once, not at each of its attributes.
    return getattr(current_user._get_current_object(), "holder", None)


def a_holder() -> Holder:
    """Return the person of this request, on a route whose door lets no visitor in."""
    holder = the_holder()
    if holder is None:
        raise RuntimeError("this route needs a door that asks to sign in")
    return holder


def the_token() -> str | None:
    """Return the session token of this browser, or None."""
    return str(current_user.token) if current_user and current_user.is_authenticated else None


def sign_in_browser(holder: Holder, token: str) -> None:
    """Give this browser the session ``token``; whatever it held before is dropped."""
    language = session.get("locale")
    session.clear()
    if language:
        session["locale"] = language
    login_user(SignedIn(holder, token))


def sign_out_browser() -> None:
    """Take the session from this browser."""
    logout_user()
    session.clear()


def safe_next(target: str | None, default: str) -> str:
    """Return ``target`` if it stays on this site, else ``default``."""
    if not target or not target.startswith("/") or "\\" in target or "\t" in target or "\n" in target:
        return default
    parts = urlsplit(target)
    if parts.scheme or parts.netloc or target.startswith("//") or parts.path.startswith("//"):
        return default
    lowered = parts.path.lower()
    if "%2f%2f" in lowered or "%5c" in lowered or "%09" in lowered or "@" in parts.path:
        return default
    return target


def attach(app: Flask) -> None:
    """Teach ``app`` how to find the person of a request."""
    manager = LoginManager()
    manager.session_protection = None
    manager.init_app(app)

    @manager.user_loader
    def load(token: str) -> SignedIn | None:
        if request.endpoint == "static":
            return None
        holder = holder_of_session(token_hash(token), now())
        return SignedIn(holder, token) if holder else None
