"""Ties of interest between a juror and a candidacy: what may be declared, and what the facts suggest.

A tie is declared by a person. Some facts are enough to stand a juror aside before the first reading (member of the
structure, now or before, under whatever alias of an address; the same SIREN; a mail address of the structure's own
domain); the others (a name, a common employer, the region) only pre-mark the line.
"""

import re
from dataclasses import dataclass
from enum import StrEnum

from awards_app.domain.refusals import Refusal
from awards_app.domain.text import near_name, sort_key
from awards_app.domain.words import N_

REASON_LIMIT = 600
# Shorter last names, and shorter names of structures, say too little to mark a line.
SHORTEST_NAME = 3
SHORTEST_STRUCTURE = 4


class Verdict(StrEnum):
    """What was declared of one candidacy."""

    NONE = "none"
    RECUSED = "recused"
    UNSURE = "unsure"


class TieKind(StrEnum):
    """A fact that ties a juror to a candidacy."""

    MEMBER = "member"
    FORMER_MEMBER = "former_member"
    SAME_ADDRESS = "same_address"
    SAME_SIREN = "same_siren"
    SAME_DOMAIN = "same_domain"
    NEAR_NAME = "near_name"
    COLLEAGUE = "colleague"
    SAME_EMPLOYER = "same_employer"
    SAME_REGION = "same_region"


CERTAIN = frozenset(
    {
        TieKind.MEMBER,
        TieKind.FORMER_MEMBER,
        TieKind.SAME_ADDRESS,
        TieKind.SAME_SIREN,
        TieKind.SAME_DOMAIN,
    }
)
TIE_SENTENCES: dict[TieKind, str] = {
    TieKind.MEMBER: N_("Membre de la structure candidate."),
    TieKind.FORMER_MEMBER: N_("Ancien membre de la structure candidate."),
    TieKind.SAME_ADDRESS: N_("Adresse de courriel d’une personne de la structure candidate."),
    TieKind.SAME_SIREN: N_("Même numéro SIREN que la structure candidate."),
    TieKind.SAME_DOMAIN: N_("Adresse de courriel du même domaine que la structure."),
    TieKind.NEAR_NAME: N_("Une personne de la structure porte votre nom, ou un nom très proche."),
    TieKind.COLLEAGUE: N_("Vous agissez pour une même autre structure qu’une personne de celle-ci."),
    TieKind.SAME_EMPLOYER: N_("L’organisme que vous représentez porte le nom de la structure."),
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


@dataclass(frozen=True, slots=True)
class JurorFacts:
    """What the platform knows of a juror: addresses, name, college, SIREN of their structures, region (national jury)."""

    addresses: frozenset[str]
    name: str = ""
    college: str = ""
    sirens: frozenset[str] = frozenset()
    # For a national jury only: a regional juror is of the region of every file.
    region_code: str | None = None


@dataclass(frozen=True, slots=True)
class StructureFacts:
    """What it knows of a structure that files: its people's addresses and names, its number, and the juror's place in it."""

    name: str = ""
    addresses: frozenset[str] = frozenset()
    people: frozenset[str] = frozenset()
    website: str = ""
    siren: str = ""
    region_code: str | None = None
    is_member: bool = False
    was_member: bool = False
    has_colleague: bool = False


def find_ties(juror: JurorFacts, structure: StructureFacts) -> tuple[Tie, ...]:
    """Return the facts that tie a juror to a candidacy, the certain ones first."""
    holds = {
        TieKind.MEMBER: structure.is_member,
        TieKind.FORMER_MEMBER: structure.was_member and not structure.is_member,
        TieKind.SAME_ADDRESS: bool(_bare(juror.addresses) & _bare(structure.addresses)),
        TieKind.SAME_SIREN: structure.siren in juror.sirens and not structure.was_member,
        TieKind.SAME_DOMAIN: _share_a_domain(juror, structure),
        TieKind.NEAR_NAME: any(may_be_kin(juror.name, name) for name in structure.people),
        TieKind.COLLEAGUE: structure.has_colleague,
        TieKind.SAME_EMPLOYER: _names(juror.college, structure.name),
        TieKind.SAME_REGION: juror.region_code is not None and juror.region_code == structure.region_code,
    }
    return tuple(Tie(kind) for kind, is_so in holds.items() if is_so)


def bare_address(address: str) -> str:
    """Return an address without its case nor its alias: « Zoe+prix@a.fr » and « zoe@a.fr » are one mailbox."""
    local, at, domain = address.strip().lower().rpartition("@")
    return f"{local.split('+', 1)[0]}@{domain.strip('.')}" if at else ""


def may_be_kin(one: str, other: str) -> bool:
    """Say whether two people have the same last name, or names that could be taken for each other."""
    first, second = sort_key(one), sort_key(other)
    if not first or not second:
        return False
    words, its_words = first.split(), second.split()
    last, its_last = words[-1], its_words[-1]
    return (
        sorted(words) == sorted(its_words)
        or (last == its_last and len(last) >= SHORTEST_NAME)
        or (near_name(one, other) and near_name(last, its_last))
    )


def _bare(addresses: frozenset[str]) -> set[str]:
    return {bare_address(address) for address in addresses} - {""}


def _share_a_domain(juror: JurorFacts, structure: StructureFacts) -> bool:
    mine = {mail_domain(address) for address in juror.addresses} - {""}
    its = {*map(mail_domain, structure.addresses), site_domain(structure.website)} - {""}
    return any(same_domain(one, other) for one in mine for other in its)


def _names(college: str, structure: str) -> bool:
    """Say whether what a juror represents, as the chamber wrote it, holds the whole name of a structure."""
    words, name = (" ".join(re.findall(r"\w+", sort_key(text))) for text in (college, structure))
    return len(name) >= SHORTEST_STRUCTURE and f" {name} " in f" {words} "
