"""The first lock: each route says at its door who may knock. A route without a door stops the application."""

from collections.abc import Callable
from functools import wraps
from typing import Any, TypeVar

from flask import Flask, Response, redirect, request, url_for

from awards_app.domain.permissions import Permission
from awards_app.domain.refusals import SignInIsNeeded
from awards_app.web.people import the_holder

View = TypeVar("View", bound=Callable[..., Any])
DOOR = "awards_door"
OPEN_ENDPOINTS = {"static"}


class Door:
    """What a route declares: a permission of the matrix, or why it is open, or that it needs a person only."""

    def __init__(self, permission: Permission | None, reason: str, needs_person: bool) -> None:
        self.permission = permission
        self.reason = reason
        self.needs_person = needs_person


def requires(permission: Permission) -> Callable[[View], View]:
    """Open the route to signed-in people; the query and the rule behind it settle ``permission`` for the object."""
    return _door(Door(permission, "", needs_person=True))


def open_to_all(reason: str, permission: Permission | None = None) -> Callable[[View], View]:
    """Open the route to everybody; ``reason`` says why, ``permission`` which line of the matrix is public."""
    return _door(Door(permission, reason, needs_person=False))


def signed_in(reason: str) -> Callable[[View], View]:
    """Open the route to any signed-in person, for what is theirs alone (a home, their own list)."""
    return _door(Door(None, reason, needs_person=True))


def _door(door: Door) -> Callable[[View], View]:
    def wrap(view: View) -> View:
        @wraps(view)
        def guarded(*args: Any, **kwargs: Any) -> Any:
            if door.needs_person and the_holder() is None:
                return ask_to_sign_in()
            return view(*args, **kwargs)

        setattr(guarded, DOOR, door)
        return guarded  # type: ignore[return-value]  # wraps keeps the signature

    return wrap


def ask_to_sign_in() -> Response:
    """Redirect a reading visitor to the sign-in page; refuse any other request with 401.

    The answer says nothing of whether what was asked for exists.
    """
    if request.method in ("GET", "HEAD") and not wants_json():
        return redirect(url_for("account.sign_in", suite=request.full_path.rstrip("?")))  # type: ignore[return-value]  # werkzeug's response
    raise SignInIsNeeded


def wants_json() -> bool:
    """Say whether the client asked for JSON rather than a page."""
    best = request.accept_mimetypes.best_match(["text/html", "application/json"], default="text/html")
    return best == "application/json"


def door_of(app: Flask, endpoint: str) -> Door | None:
    """Return the door of an endpoint, None if it declares none."""
    return getattr(app.view_functions[endpoint], DOOR, None)


def attach(app: Flask) -> None:
    """Refuse to start with a route that has no door."""
    bare = [
        rule.endpoint
        for rule in app.url_map.iter_rules()
        if rule.endpoint not in OPEN_ENDPOINTS and door_of(app, rule.endpoint) is None
    ]
    if bare:
        raise RuntimeError(f"routes without a door: {', '.join(sorted(set(bare)))}")
