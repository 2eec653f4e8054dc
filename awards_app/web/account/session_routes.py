"""What a page asks of its session while it stays open: whose it is, how long it lives, a token for its forms."""

from flask import Blueprint, jsonify
from flask_wtf.csrf import generate_csrf
from werkzeug.wrappers import Response as BaseResponse

from awards_app.services.session_life import ends_at, extend_session
from awards_app.web.doors import open_to_all, signed_in
from awards_app.web.moment import the_now
from awards_app.web.people import a_holder, the_holder

blueprint = Blueprint("session", __name__, url_prefix="/compte/session")


@blueprint.get("")
@open_to_all("a page left open asks whether its session still lives; a visitor learns that there is none")
def life() -> BaseResponse:
    """Tell whose session this browser holds and how many seconds it still lives, with a fresh token for forms."""
    holder = the_holder()
    if holder is None:
        return jsonify(account=None)
    seconds = (ends_at(holder) - the_now()).total_seconds()
    return jsonify(account=holder.key, name=holder.name, seconds=int(seconds), csrf_token=generate_csrf())


@blueprint.post("/prolonger")
@signed_in("a person makes their own session live longer")
def extend() -> BaseResponse:
    """Let the session of this browser live as long again."""
    seconds = (extend_session(a_holder(), the_now()) - the_now()).total_seconds()
    return jsonify(seconds=int(seconds))
