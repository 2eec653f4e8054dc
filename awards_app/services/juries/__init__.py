"""The room of juries: seats, the charter, ties of interest."""

from awards_app.services.juries.interests import (
    declare_interest,
    declare_interest_for,
    declare_interests,
    lift_recusal,
)
from awards_app.services.juries.passes import (
    PassFacts,
    give_pass,
    read_pass,
    readdress_seat,
    revoke_pass,
    send_pass,
    use_pass,
)
from awards_app.services.juries.reminders import remind_jurors
from awards_app.services.juries.seats import (
    accept_charter,
    accept_seat,
    call_substitute,
    invite_juror,
    remind_invitation,
    remove_juror,
)

__all__ = [
    "PassFacts",
    "accept_charter",
    "accept_seat",
    "call_substitute",
    "declare_interest",
    "declare_interest_for",
    "declare_interests",
    "give_pass",
    "invite_juror",
    "lift_recusal",
    "read_pass",
    "readdress_seat",
    "remind_invitation",
    "remind_jurors",
    "remove_juror",
    "revoke_pass",
    "send_pass",
    "use_pass",
]
