"""Ties of interest between a juror and a candidacy: what may be declared, and what the facts suggest.

A tie is declared by a person. Some facts are enough to stand a juror aside before the first reading (member of the
structure, now or before; a mail address of the structure's own domain); the others only pre-mark the line.
"""

from dataclasses import dataclass
from enum import StrEnum

from awards_app.domain.refusals import Refusal
from awards_app.domain.words import N_

REASON_LIMIT = 600


class Verdict(StrEnum):
    """What was declared of one candidacy."""

    NONE = "none"
    RECUSED = "recused"
    UNSURE = "unsure"


class TieKind(StrEnum):
    """A fact that ties a juror to a candidacy."""

    MEMBER = "member"
    FORMER_MEMBER = "former_member"
    SAME_DOMAIN = "same_domain"
    SAME_REGION = "same_region"


CERTAIN = frozenset({TieKind.MEMBER, TieKind.FORMER_MEMBER, TieKind.SAME_DOMAIN})
TIE_SENTENCES: dict[TieKind, str] = {
    TieKind.MEMBER: N_("Membre de la structure candidate."),
    TieKind.FORMER_MEMBER: N_("Ancien membre de la structure candidate."),
    TieKind.SAME_DOMAIN: N_("Adresse de courriel du même domaine que la structure."),
    TieKind.SAME_REGION: N_("Structure de votre région."),
}
# Domains that anybody may have an address of: they tie nobody to anybody.
PUBLIC_WEBMAIL = frozenset(
    [
        "gmail.com",
        "googlemail.com",
        "orange.fr",
        "wanadoo.fr",
        "free.fr",
        "aliceadsl.fr",
        "sfr.fr",
        "neuf.fr",
        "cegetel.net",
        "club-internet.fr",
        "bbox.fr",
        "numericable.fr",
        "noos.fr",
        "laposte.net",
        "hotmail.com",
        "hotmail.fr",
        "outlook.com",
        "outlook.fr",
        "live.com",
        "live.fr",
        "msn.com",
        "yahoo.com",
        "yahoo.fr",
        "ymail.com",
        "icloud.com",
        "me.com",
        "mac.com",
        "aol.com",
        "gmx.com",
        "gmx.fr",
        "proton.me",
        "protonmail.com",
        "pm.me",
        "tutanota.com",
        "tuta.io",
        "mailo.com",
        "mailo.fr",
        "netcourrier.com",
        "zaclys.net",
        "zaclys.com",
        "posteo.net",
        "posteo.de",
        "riseup.net",
        "mail.com",
        "yandex.com",
        "zoho.com",
        "infomaniak.com",
        "ik.me",
        "guadeloupe.fr",
        "mediaserv.net",
        "only.fr",
        "canl.nc",
        "lagoon.nc",
        "mail.pf",
    ]
)


class TieNeedsAReason(Refusal):
    """Standing aside, or asking the chamber, is said with a line of reason."""

    sentence = N_("Dites en une ligne quel est ce lien.")
    status = 422
    field = "reason"


class RecusalNeedsTwoPersons(Refusal):
    """Only the chamber and the national staff together lift a recusal (COI-3)."""

    sentence = N_("Un déport ne se lève qu’à deux : la CRESS, puis l’équipe nationale.")


class OwnRecusalIsNotLifted(Refusal):
    """Who declared the tie is never who lifts it."""

    sentence = N_("La personne qui a déclaré ce lien ne peut pas le lever.")
    status = 403


@dataclass(frozen=True, slots=True)
class Tie:
    """A fact found between a juror and a candidacy."""

    kind: TieKind

    @property
    def is_certain(self) -> bool:
        """Say whether the fact alone stands the juror aside."""
        return self.kind in CERTAIN

    @property
    def sentence(self) -> str:
        """Return the fact as a French sentence."""
        return TIE_SENTENCES[self.kind]


def mail_domain(address: str) -> str:
    """Return the domain of a mail address, in lower case; empty when there is none."""
    _local, at, domain = address.strip().lower().rpartition("@")
    return domain.strip(".") if at else ""


def site_domain(website: str) -> str:
    """Return the domain of a web address as typed, without « www. »; empty when there is none."""
    host = website.strip().lower().split("://")[-1].split("/")[0].split("?")[0].split("#")[0]
    host = host.rpartition("@")[2].split(":")[0].strip(".")
    return host.removeprefix("www.") if "." in host else ""


def is_public_webmail(domain: str) -> bool:
    """Say whether anybody may have an address of this domain."""
    return any(domain == known or domain.endswith(f".{known}") for known in PUBLIC_WEBMAIL)


def same_domain(one: str, other: str) -> bool:
    """Say whether two domains are of one organisation: equal, or one under the other; never a public webmail."""
    if not (one == other or one.endswith(f".{other}") or other.endswith(f".{one}")):
        return False
    return "." in one and "." in other and not (is_public_webmail(one) or is_public_webmail(other))


def find_ties(
    juror_domains: set[str],
    structure_domains: set[str],
    *,
    is_member: bool = False,
    was_member: bool = False,
    juror_region: str | None = None,
    structure_region: str | None = None,
) -> tuple[Tie, ...]:
    """Return the facts that tie a juror to a candidacy, the certain ones first.

    Give ``juror_region`` for a national jury only: a regional juror is of the region of every file.
    """
    found = []
    if is_member:
        found.append(Tie(TieKind.MEMBER))
    elif was_member:
        found.append(Tie(TieKind.FORMER_MEMBER))
    if any(same_domain(one, other) for one in juror_domains for other in structure_domains):
        found.append(Tie(TieKind.SAME_DOMAIN))
    if juror_region is not None and juror_region == structure_region:
        found.append(Tie(TieKind.SAME_REGION))
    return tuple(found)
