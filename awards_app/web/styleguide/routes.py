"""The style guide: every component in every state, on one page."""

from flask import Blueprint, render_template, request

from awards_app.web.doors import open_to_all
from awards_app.web.styleguide import samples
from awards_app.web.styleguide.forms import SampleForm

blueprint = Blueprint("styleguide", __name__)
LAYOUTS = ("public", "structure", "jury", "staff")


@blueprint.get("/styleguide")
@open_to_all("development only: shows components, no data")
def index() -> str:
    """Show the components; ``?layout=`` picks the audience and ``?theme=`` forces light or dark."""
    layout = request.args.get("layout", "public")
    wrong = SampleForm(formdata=None, prefix="wrong", data={"budget": "douze"})
    wrong.name.errors = ["Indiquez le nom de la structure."]
    wrong.budget.errors = ["Écrivez un montant en chiffres, par exemple 120 000."]
    wrong.theme.errors = ["Choisissez une thématique."]
    return render_template(
        "styleguide/index.html",
        layout=f"layouts/{layout if layout in LAYOUTS else 'public'}.html",
        form=SampleForm(formdata=None),
        wrong=wrong,
        samples=samples,
    )


@blueprint.get("/styleguide/document")
@open_to_all("development only: shows the printed layout, no data")
def document() -> str:
    """Show the layout of printed documents."""
    return render_template("styleguide/document.html")
