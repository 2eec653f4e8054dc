"""« Comment lire ces indications »: the method of the advice, in plain words, with its sources."""

from flask import Blueprint, render_template

from awards_app.web.doors import open_to_all

blueprint = Blueprint("public_method", __name__)


@blueprint.get("/comment-lire-ces-indications")
@open_to_all("how a jury's marks are read is nobody's secret")
def page() -> str:
    """Show the method."""
    return render_template("public/method.html")
