"""The mailbox of the demonstration: what would have left by mail, to be read here."""

from flask import Blueprint, render_template, request

from awards_app.domain.refusals import DoesNotExist
from awards_app.services.mailbox import find_letter, letters
from awards_app.web.doors import open_to_all

blueprint = Blueprint("mailbox", __name__, url_prefix="/demonstration/courrier")


@blueprint.get("")
@open_to_all("the demonstration's mail is imaginary; production has no such page")
def inbox() -> str:
    """List the letters, newest first, of everybody or of one address."""
    wanted = request.args.get("adresse", "").strip()
    found = letters()
    people = sorted({letter.recipient for letter in found})
    shown = [letter for letter in found if not wanted or letter.recipient == wanted]
    return render_template("demo/mailbox.html", letters=shown, people=people, wanted=wanted)


@blueprint.get("/<key>")
@open_to_all("the demonstration's mail is imaginary; production has no such page")
def letter(key: str) -> str:
    """Show one letter with its links."""
    found = find_letter(key)
    if found is None:
        raise DoesNotExist
    return render_template("demo/letter.html", letter=found)
