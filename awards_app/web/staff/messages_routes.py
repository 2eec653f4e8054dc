"""The outbox of a round, read before it leaves."""

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from awards_app.domain.permissions import Permission, is_allowed
from awards_app.queries.access import RoundFacts
from awards_app.queries.messages import message_of, outbox_of
from awards_app.services import deliveries
from awards_app.web.doors import requires
from awards_app.web.moment import the_now
from awards_app.web.people import a_holder

blueprint = Blueprint("staff_messages", __name__, url_prefix="/coordination/<round_key>/messages")
STATES = ("held", "waiting", "sent", "failed", "dropped")


def state_labels() -> dict[str, tuple[str, str]]:
    """Return the words and the kind of tag of each state of a message."""
    return {
        "held": (_("à relire"), "waiting"),
        "waiting": (_("en partance"), "info"),
        "sent": (_("parti"), "success"),
        "failed": (_("en échec"), "danger"),
        "dropped": (_("écarté"), "neutral"),
    }


@blueprint.get("")
@requires(Permission.READ_MESSAGES)
def outbox(round_key: str) -> str:
    """List the messages of a round."""
    state = request.args.get("etat", "")
    found = outbox_of(
        a_holder(),
        round_key,
        the_now(),
        state=state if state in STATES else "",
        page=request.args.get("page", 1, type=int),
    )

    def href_for(page: int) -> str:
        return url_for("staff_messages.outbox", round_key=round_key, etat=state or None, page=page)

    return render_template(
        "staff/messages.html",
        outbox=found,
        state=state,
        labels=state_labels(),
        href_for=href_for,
        writes=_writes(found.round),
    )


@blueprint.get("/<message_key>")
@requires(Permission.READ_MESSAGES)
def message(round_key: str, message_key: str) -> str:
    """Show one message as it leaves, without its personal link."""
    found = message_of(a_holder(), round_key, message_key, the_now())
    return render_template(
        "staff/message.html",
        message=found,
        round_key=round_key,
        labels=state_labels(),
        writes=_writes(found.round),
    )


def _writes(facts: RoundFacts) -> bool:
    return is_allowed(Permission.SEND_BULK_MESSAGE, facts.phase, facts.subjects)


@blueprint.post("/<message_key>/envoyer")
@requires(Permission.SEND_BULK_MESSAGE)
def release(round_key: str, message_key: str) -> Response:
    """Let a held message leave."""
    deliveries.release_message(a_holder(), round_key, message_key, the_now())
    flash(_("Le message part dans les secondes qui viennent."), "success")
    return redirect(url_for("staff_messages.outbox", round_key=round_key), 303)


@blueprint.post("/<message_key>/ecarter")
@requires(Permission.SEND_BULK_MESSAGE)
def drop(round_key: str, message_key: str) -> Response:
    """Keep a held message from leaving."""
    deliveries.drop_message(a_holder(), round_key, message_key, the_now())
    flash(_("Le message est écarté : il ne partira pas."), "info")
    return redirect(url_for("staff_messages.outbox", round_key=round_key), 303)
