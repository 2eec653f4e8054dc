"""What the juries tell a candidate of their file, once published."""

from flask import Blueprint, render_template

from awards_app.domain.permissions import Permission
from awards_app.queries.candidate_accounts import told_accounts
from awards_app.web.doors import requires
from awards_app.web.languages import day_in_words
from awards_app.web.moment import the_now
from awards_app.web.people import a_holder

blueprint = Blueprint("told_accounts", __name__, url_prefix="/candidatures/<key>/compte-rendu")


@blueprint.get("")
@requires(Permission.READ_OWN_CANDIDACY)
def show(key: str) -> str:
    """Show the account of each jury that has approved one and is published; else that there is none yet."""
    title, accounts = told_accounts(a_holder(), key, the_now())
    days = [day_in_words(one.approved_at, one.zone) for one in accounts]
    return render_template(
        "structure/account.html", key=key, title=title, accounts=list(zip(accounts, days, strict=True))
    )
