"""What the walk over every route needs to know of them: identifiers, bodies, audiences, and the honest exceptions.

The tables can only shrink, but for `bodies`: a new route is walked as it declares itself.
"""

from typing import Any

World = dict[str, Any]
STAFF = frozenset({"RC", "RY", "NS", "AU"})
PANEL = frozenset({"RJ", "RK", "JP"})
MEMBERS = frozenset({"CM", "CO", "CX"})
# Whom each part of the site is for. Somebody else whom the matrix lets do the same act does it on their own pages, and
# here gets what a missing identifier gets: a narrower door is never wider than the matrix.
AUDIENCES = {
    "/jury/<": PANEL,
    "/coordination/": STAFF,
    "/candidatures/<": MEMBERS,
    "/structure/<": MEMBERS,
}
# Routes that show on GET what another permission governs on POST.
READS = {
    "candidacies.section": "CAN-2",
    "filings.withdraw": "CAN-2",
    "structure.members": "STR-1",
}
# Routes for signed-in people whose query opens them to some only; every other such route opens to all who are signed in.
OWNERS: dict[str, frozenset[str]] = {
    "staff.home": STAFF,
    "staff.round": STAFF - {"RY"},
    "jury.seat": PANEL,
    "jury.charter": PANEL,
}
# (endpoint, method, subject or *, phase or *): why the answer is another than the matrix says.
EXCEPTIONS: dict[tuple[str, str, str, str], str] = {
    ("candidacies.open_draft", "POST", subject, "*"): "the body names a structure: who is a member of none has none to name"
    for subject in ("RJ", "RK", "RX", "JP", "RC", "RY", "NJ", "NK", "NP", "NS", "AU")
}
# What stands for « not there » where a world has no such object.
NOWHERE = "AAAAAAAAAAAAAAAAAAAAAA"
NO_NUMBER = "ESS-0000-0000-0000-0000"


def values_of(endpoint: str, names: set[str], world: World, subject: str) -> dict[str, Any]:
    """Return the identifiers to put in a route's address for a subject."""
    draft = endpoint in DRAFT_ROUTES
    name = "draft" if draft else "main"
    seats = world["seats"]
    found = {
        "key": world["candidacies"][name],
        "candidacy_key": world["candidacies"]["main"],
        "structure_key": world["structures"]["main"],
        "attachment_key": world["attachments"][f"{name}_photos"],
        "round_key": world["rounds"]["A"],
        "seat_key": seats[subject] if subject in PANEL else seats["RJ"],
        "membership_key": world["memberships"]["CO"],
        "message_key": (world["messages"] or [NOWHERE])[0],
        "grant_key": world["grants"]["RC"],
        "decision_key": (world["decisions"] or [NOWHERE])[0],
        "certificate_key": world["certificates"][0]["key"] if world["certificates"] else NOWHERE,
        "number": world["certificates"][0]["number"] if world["certificates"] else NO_NUMBER,
        "section_code": "project",
        "year": world["year"],
        "level": "regional",
        "kind": "candidatures",
        "region_slug": "bretagne",
        "slug": "bretagne",
        "token": NOWHERE,
        "what": "compte",
        "code": "fr",
        "filename": "css/base.css",
        "theme_code": "us",
        "form": "json",
    }
    if endpoint.startswith("structure."):
        found["key"] = world["structures"]["main"]
    if endpoint.startswith("staff.") or endpoint.startswith("mailbox."):
        found["key"] = NOWHERE
    return {name: found[name] for name in names}


# Routes that write a draft: the file that was never submitted.
DRAFT_ROUTES = {
    "candidacies.save",
    "candidacies.section",
    "candidacies.save_section",
    "filings.submit",
    "filings.delete",
    "filings.restore",
    "attachments.attach",
    "attachments.detach",
}


def body_of(endpoint: str, world: World) -> dict[str, Any]:
    """Return a plausible body for a route that writes."""
    main = world["candidacies"]["main"]
    bodies: dict[str, dict[str, Any]] = {
        "candidacies.open_draft": {"structure": world["structures"]["free"]},
        "candidacies.save": {"field": "area", "value": "Brest"},
        "candidacies.save_section": {"area": "Brest"},
        "attachments.attach": {"question": "photos"},
        "attachments.detach": {"question": "photos"},
        "filings.withdraw": {"reason": "Nous renonçons."},
        "structure.settle": {"reponse": "oui"},
        "admissibility.decide": {"verdict": "admissible", "reason": ""},
        "jury.declare": {f"verdict-{world['candidacies']['other']}": "none"},
        "jury.charter": {"accepted": "y"},
        "jury_file.record": {"mark-need": "3"},
        "jury_chair.waive": {"seat": world["seats"]["RJ2"], "candidacy": main, "reason": "Absence."},
        "jury_chair.reopen": {"seat": world["seats"]["RJ2"], "candidacy": main, "reason": "Erreur."},
        "jury_chair.unlock": {"reason": "Une erreur."},
    }
    return bodies.get(endpoint, {})
