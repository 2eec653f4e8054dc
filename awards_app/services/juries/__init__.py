"""The room of juries: seats, the charter, ties of interest."""

from awards_app.services.juries.interests import (
    declare_interest,
    declare_interest_for,
    declare_interests,
    lift_recusal,
)
from awards_app.services.juries.reminders import remind_jurors
from awards_app.services.juries.seats import (
    accept_charter,
    accept_seat,
    invite_juror,
    remind_invitation,
    remove_juror,
)

__all__ = [
    "accept_charter",
    "accept_seat",
    "declare_interest",
    "declare_interest_for",
    "declare_interests",
    "invite_juror",
    "lift_recusal",
    "remind_invitation",
    "remind_jurors",
    "remove_juror",
]
