"""A text written to many: whom it may be for, and what it may hold."""

from enum import StrEnum

from awards_app.domain.refusals import Refusal
from awards_app.domain.words import N_

# What each person reads in place of the words in braces.
PLACES = ("person", "structure", "chamber")


class Audience(StrEnum):
    """Whom a text is for; each person once, however many files they have."""

    FILED = "filed"
    DRAFTS = "drafts"
    JURY = "jury"


AUDIENCE_LABELS: dict[Audience, str] = {
    Audience.FILED: N_("Les personnes responsables d’une candidature déposée"),
    Audience.DRAFTS: N_("Les personnes qui ont un brouillon"),
    Audience.JURY: N_("Les membres du jury"),
}


class MailingHasLeft(Refusal):
    """A text that was sent is not changed."""

    sentence = N_("Ce message est déjà parti : il ne change plus.")
