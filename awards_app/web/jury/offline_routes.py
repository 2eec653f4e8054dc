"""Reading and marking without a network: the worker that keeps opened files, the page it shows, what it may still keep."""

from pathlib import Path

from flask import Blueprint, current_app, jsonify, render_template, request
from flask.typing import ResponseReturnValue
from werkzeug.wrappers import Response

from awards_app.domain.phases import Phase
from awards_app.queries.reading import files_at_hand
from awards_app.web.doors import open_to_all, signed_in
from awards_app.web.moment import the_now
from awards_app.web.people import a_holder

blueprint = Blueprint("jury_offline", __name__, url_prefix="/jury")


@blueprint.get("/hors-ligne.js")
@open_to_all(
    "a script, the same for everybody; from this address it governs the pages of jurors and no others"
)
def worker() -> Response:
    """Send the worker's script; browsers ask for it again by themselves, to renew it."""
    script = (Path(current_app.static_folder or "") / "js" / "jury_worker.js").read_bytes()
    response = Response(script, mimetype="text/javascript")
    response.headers["Cache-Control"] = "no-cache"
    response.add_etag()
    return response.make_conditional(request)


@blueprint.get("/hors-ligne")
@open_to_all("says that there is no network; holds nothing of anybody")
def no_network() -> ResponseReturnValue:
    """Show what stands for a page that was never opened."""
    return render_template("jury/offline.html")


@blueprint.get("/<seat_key>/ouverts")
@signed_in("the query opens the person's own seat and no other")
def at_hand(seat_key: str) -> Response:
    """Tell which files are open to the juror now, and whether a browser may keep them: while they are scored."""
    seat, keys = files_at_hand(a_holder(), seat_key, the_now())
    return jsonify(files=keys, may_keep=seat.phase is Phase.SCORING)
