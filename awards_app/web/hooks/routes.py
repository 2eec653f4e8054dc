"""The test hooks over HTTP, in JSON: clock, mail, job, fault, seed. Production refuses to start with them."""

import json
from datetime import datetime
from typing import Any

from flask import Blueprint, Response, jsonify, request

from awards_app.domain.refusals import DoesNotExist, InputIsInvalid
from awards_app.services import hooks
from awards_app.web.doors import open_to_all
from awards_app.web.forgery import protection

blueprint = Blueprint("hooks", __name__, url_prefix="/__test__")
protection.exempt(blueprint)
blueprint.record_once(lambda _state: hooks.watch_commits())
REASON = "the tests stand outside of the platform; the setting that opens this is refused in production"


@blueprint.post("/clock")
@open_to_all(REASON)
def clock() -> Response:
    """Set the clock: ``{"instant": ISO or null, "frozen": bool, "announced": bool}``."""
    asked = _asked()
    instant = asked.get("instant")
    try:
        target = datetime.fromisoformat(instant) if instant else None
    except ValueError as problem:
        raise InputIsInvalid({"instant": str(problem)}) from problem
    if target is not None and target.tzinfo is None:
        raise InputIsInvalid({"instant": "an instant needs its zone"})
    shown = hooks.move_clock(
        target, frozen=bool(asked.get("frozen", True)), announced=bool(asked.get("announced", True))
    )
    return jsonify({"now": shown.isoformat()})


@blueprint.get("/mail")
@open_to_all(REASON)
def mail() -> Response:
    """Send what waits and list the letters: kind, recipient, subject, text, html, message_id."""
    return jsonify({"letters": hooks.letters()})


@blueprint.post("/job")
@open_to_all(REASON)
def job() -> Response:
    """Run one job now: ``{"name": "module.function", "args": […]}``."""
    asked = _asked()
    try:
        result = hooks.run_job(str(asked.get("name", "")), list(asked.get("args", [])))
    except LookupError as missing:
        raise DoesNotExist from missing
    return jsonify({"result": json.loads(json.dumps(result, default=str))})


@blueprint.post("/fault")
@open_to_all(REASON)
def fault() -> Response:
    """Arm a point: ``{"point": name, "kind": "raise|kill|sleep", "times": n}``; no point disarms all."""
    asked = _asked()
    if not asked.get("point"):
        hooks.disarm_faults()
        return jsonify({"armed": None})
    try:
        hooks.arm_fault(
            str(asked["point"]),
            str(asked.get("kind", "raise")),
            times=int(asked.get("times", 1)),
            seconds=float(asked.get("seconds", 1)),
        )
    except ValueError as problem:
        raise InputIsInvalid({"kind": str(problem)}) from problem
    return jsonify({"armed": asked["point"]})


@blueprint.post("/seed")
@open_to_all(REASON)
def seed() -> Response:
    """Lay a world over the whole database: ``{"phase": "P0"…"P7"}``; return who and what is in it."""
    try:
        return jsonify(hooks.world(str(_asked().get("phase", "P1"))))
    except ValueError as problem:
        raise InputIsInvalid({"phase": str(problem)}) from problem


@blueprint.get("/log")
@open_to_all(REASON)
def log() -> Response:
    """Return the last lines of the log of this process, as they are written."""
    return jsonify({"lines": hooks.kept_lines()})


@blueprint.post("/fill")
@open_to_all(REASON)
def fill() -> Response:
    """Put texts wherever people's words are kept: ``{"texts": [text, …]}``."""
    texts = [str(text) for text in _asked().get("texts", [])]
    if not texts:
        raise InputIsInvalid({"texts": "there is nothing to put"})
    return jsonify({"filled": hooks.fill_with(texts)})


@blueprint.get("/digest")
@open_to_all(REASON)
def digest() -> Response:
    """Return a hash of each domain table: equal before and after means that nothing was changed."""
    return jsonify(hooks.digest_tables())


def _asked() -> dict[str, Any]:
    body = request.get_json(silent=True)
    if not isinstance(body, dict):
        raise InputIsInvalid
    return body
