"""What the walk over every route needs to know of them: identifiers, bodies, audiences, and the honest exceptions.

The tables can only shrink, but for `bodies`: a new route is walked as it declares itself.
"""

import io
from typing import Any

from awards_app.services.worlds.papers import picture

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
    "deliberation.minutes": "DEL-2",
}
# Routes for signed-in people whose query opens them to some only; every other such route opens to all who are signed in.
OWNERS: dict[str, frozenset[str]] = {
    "staff.home": STAFF,
    "staff.round": STAFF - {"RY"},
    "jury.seat": PANEL,
    "jury_offline.at_hand": PANEL,
    "staff_national.board": frozenset({"NS"}),
    "staff_national.table": frozenset({"NS"}),
    "staff_national.calendar": frozenset({"NS"}),
    "laureates_told.setting": frozenset({"NS"}),
    "staff_erasures.people": frozenset({"NS"}),
    "jury.charter": PANEL,
}
# (endpoint, method, subject or *, phase or *): why the answer is another than the matrix says.
_NO_STRUCTURE = "the body names a structure: who is a member of none has none to name"
_READS_FIRST = "the page reads the deliberation first (RNK-1), whose refusal comes before the one of the act"
_OTHER_FILES = "the juror stands aside from one file only: the pages of their seat are about the others"
_NOT_IN_THE_RUNNING = "no file is in the running for a juror before scoring: to them there is none yet"
_OWN_PAGE = "a juror's own declarations: an empty page before there are files to declare on"
_PAN_1 = "who composes the jury sees whom they invited (PAN-1), before its names are read by others (PAN-2)"
_BEFORE_THE_CALL = (
    "a region joins or leaves before the call opens; later it is the rule that says no, by the phase"
)
EXCEPTIONS: dict[tuple[str, str, str, str], str] = {
    **{
        ("candidacies.open_draft", "POST", subject, "*"): _NO_STRUCTURE
        for subject in ("CX", "RJ", "RK", "RX", "JP", "RC", "RY", "NJ", "NK", "NP", "NS", "AU")
    },
    **{
        (endpoint, method, subject, "*"): _READS_FIRST
        for endpoint, method in (
            ("deliberation.propose", "GET"),
            ("deliberation.propose", "POST"),
            ("deliberation.minutes", "POST"),
            ("voting.prepare", "POST"),
            ("voting.raised_hands", "POST"),
            ("voting.open_ballot", "POST"),
            ("voting.close", "POST"),
            ("voting.cancel", "POST"),
        )
        for subject in ("RJ", "RK")
    },
    **{
        (endpoint, method, "RK", "*"): _OTHER_FILES
        for endpoint, method in (
            ("jury_file.my_marks", "GET"),
            ("jury_file.finish", "POST"),
            ("jury.interests", "GET"),
        )
    },
    **{
        (endpoint, method, subject, phase): _NOT_IN_THE_RUNNING
        for endpoint, method in (
            ("jury_file.file", "GET"),
            ("jury_file.attachment", "GET"),
            ("jury_attachments.picture", "GET"),
            ("jury_attachments.read", "GET"),
            ("jury_file.record", "POST"),
            ("jury_file.later", "POST"),
            ("jury_file.final", "POST"),
        )
        for subject in ("RJ", "JP")
        for phase in ("P0", "P1", "P2")
    },
    **{
        ("jury.interests", "GET", subject, phase): _OWN_PAGE
        for subject in ("RJ", "JP")
        for phase in ("P0", "P1")
    },
    **{
        ("staff_juries.jury", "GET", subject, phase): _PAN_1
        for subject in ("RC", "NS", "AU")
        for phase in ("P0", "P1")
    },
    **{
        ("staff_seats.seat", "GET", subject, phase): _PAN_1
        for subject in ("RC", "NS", "AU")
        for phase in ("P0", "P1")
    },
    ("staff_editions.participation", "POST", "*", "P1"): _BEFORE_THE_CALL,
}
_SHOWN_TO_DECIDE = (
    "in deliberation the page shows who proposes or confirms what is proposed; others see none of it"
)
_FROZEN = "the minutes are printed once they are frozen; until then there is no paper, afterwards the page leads to it"
_LOCK_ROW = "RND-2 is the lock in scoring and the unlock afterwards: each route is one of the two"
_ARCHIVE = "the matrix has no line for archiving: national staff, once published"
_PROGRESS_TOO = (
    "a reminder needs the progress of scoring as well (SCO-6): only while scoring, only for who reads it"
)
EXCEPTIONS |= {
    **{
        ("decisions.home", "GET", subject, "P4"): _SHOWN_TO_DECIDE
        for subject in ("RJ", "JP", "RC", "NS", "AU")
    },
    **{("deliberation.decisions", "GET", subject, "P4"): _SHOWN_TO_DECIDE for subject in ("RJ", "JP")},
    **{("decisions.minutes_pdf", "GET", subject, "P4"): _FROZEN for subject in ("RC", "NS", "AU")},
    **{("deliberation.minutes_pdf", "GET", subject, "P4"): _FROZEN for subject in ("RJ", "JP")},
    ("deliberation.minutes", "POST", "JP", "P5"): _FROZEN,
    ("deliberation.minutes", "POST", "JP", "P6"): _FROZEN,
    ("deliberation.minutes", "POST", "JP", "P7"): _FROZEN,
    **{
        (endpoint, "POST", "JP", "P3"): _LOCK_ROW
        for endpoint in ("staff_scoring.unlock", "jury_chair.unlock")
    },
    ("publication.archive", "POST", "*", "*"): _ARCHIVE,
    ("staff_scoring.remind", "POST", "*", "*"): _PROGRESS_TOO,
    **{
        (
            endpoint,
            "POST",
            subject,
            "P0",
        ): "before the call nothing of a candidacy is there, not even for its people (CAN-2)"
        for endpoint in ("candidacies.save_section", "attachments.attach", "uploads.begin")
        for subject in ("CM", "CO")
    },
    **{
        (
            "staff_scoring.progress_page",
            "GET",
            subject,
            "P2",
        ): "before scoring the page holds the button that opens it (RND-1)"
        for subject in ("RC", "NS")
    },
    **{
        (
            "deliberation.propose",
            method,
            "JP",
            phase,
        ): "the page of a proposal is not there once decisions are confirmed"
        for method in ("GET", "POST")
        for phase in ("P5", "P6", "P7")
    },
    **{
        (
            "publication.home",
            "GET",
            subject,
            phase,
        ): "once published the page says since when, and offers nothing of PUB-1"
        for subject in ("RC", "NS", "AU")
        for phase in ("P6", "P7")
    },
    **{
        (
            "publication.embargo",
            "POST",
            "AU",
            phase,
        ): "narrower: the auditor reads the publication's page only once it is armed"
        for phase in ("P6", "P7")
    },
    **{
        (
            "deliberation.home",
            "GET",
            subject,
            "P7",
        ): "who decided keeps reading what they decided (DEC-3); the ranking is not on it"
        for subject in ("RJ", "JP")
    },
    (
        "deliberation.minutes",
        "GET",
        "RJ",
        "P7",
    ): "it only leads to the paper, which is refused there (DEL-2)",
    **{
        (
            "filings.restore",
            "POST",
            subject,
            "*",
        ): "restoring what was not deleted changes nothing, in any phase"
        for subject in ("CM", "CO")
    },
}
EXCEPTIONS |= {
    (
        "certificate_kinds.change",
        "POST",
        "RC",
        "*",
    ): "narrower: one set of papers serves every region, and the national staff write it",
}
_ONE_SESSION = "a jury has a session only while it deliberates: before and after there is no such page"
_NOT_FROZEN = "minutes are signed once they are frozen; until then there is nothing to sign"
_SIGNATORIES = "who reads the minutes sees who signed them; only the chair and the secretary sign and add"
EXCEPTIONS |= {
    **{
        (endpoint, "GET", subject, phase): _ONE_SESSION
        for endpoint in ("discussion.home", "discussion.state")
        for subject in ("RJ", "RK", "JP")
        for phase in ("P0", "P1", "P2", "P3", "P5", "P6", "P7")
    },
    **{
        (f"{room}.{name}", method, subject, "P4"): _NOT_FROZEN
        for room, people in (("signatures", ("RJ", "JP")), ("staff_signatures", ("RC", "NS", "AU")))
        for name, method in (("home", "GET"), ("sign", "POST"), ("add", "POST"), ("addendum", "GET"))
        for subject in people
    },
    **{
        (f"{room}.{name}", "POST", subject, "*"): _SIGNATORIES
        for room, people in (("signatures", ("RJ",)), ("staff_signatures", ("RC", "NS", "AU", "RJ", "JP")))
        for name in ("sign", "add")
        for subject in people
    },
}
_KNOWN_LATE = "what was sent up is known to its own people once their region has published, and not before"
_NATION_CHASES = "the national staff chase the regions; a chamber does not chase itself"
EXCEPTIONS |= {
    **{
        (endpoint, method, subject, phase): _KNOWN_LATE
        for endpoint, method in (
            ("national_entry.show", "GET"),
            ("national_entry.note", "POST"),
            ("national_entry.piece", "POST"),
        )
        for subject in ("CM", "CO")
        for phase in ("P1", "P2", "P3", "P4", "P5")
    },
    ("staff_national.chase", "POST", "RC", "*"): _NATION_CHASES,
}
_NOT_DECIDED = (
    "what candidates are told is written once it is decided: in deliberation there is nothing to tell"
)
EXCEPTIONS |= {
    (f"candidate_accounts.{name}", method, "JP", "P4"): _NOT_DECIDED
    for name, method in (("home", "GET"), ("show", "GET"), ("write", "POST"), ("approve_them", "POST"))
}
_NATIONAL_PAGES = (
    "the guide and the names of the panels are the whole edition's: a region's round has neither"
)
_NO_SUCH_HONOUR = "a photo is given to a published honour: an address that names none is not there"
EXCEPTIONS |= {
    **{
        (endpoint, "POST", subject, "*"): _NATIONAL_PAGES
        for endpoint in ("staff_public_pages.guide", "staff_public_pages.panels")
        for subject in ("RC", "NS")
    },
    **{
        (f"staff_public_pages.{name}", method, subject, "*"): _NO_SUCH_HONOUR
        for name, method in (("photo", "GET"), ("choose", "POST"), ("remove", "POST"))
        for subject in ("RC", "NS")
    },
}
_SAID_BEFOREHAND = "while it must wait the page says why and what is promised; the act itself is refused"
_NO_PROMISE = "what takes a promise back finds none where the person was not promised anything"
EXCEPTIONS |= {
    **{("staff_erasures.person", "GET", "NS", phase): _SAID_BEFOREHAND for phase in ("P3", "P4", "P5")},
    ("staff_erasures.withdraw", "POST", "NS", "*"): _NO_PROMISE,
}
# Routes about one's own scope, where the neighbouring coordinator is the coordinator.
OWN_SCOPE = {"staff_journal.journal", "staff_roles.roles_page"}
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
        "account_key": world["accounts"]["RJ"],
        "seat_key": seats[subject] if subject in PANEL else seats["RJ"],
        "membership_key": world["memberships"]["CO"],
        "message_key": (world["messages"] or [NOWHERE])[0],
        "request_key": world["completions"].get("main", NOWHERE),
        "transfer_key": NOWHERE,
        "wording_code": "correction_requested",
        "grant_key": world["grants"]["RC"],
        "decision_key": (world["decisions"] or [NOWHERE])[0],
        "certificate_key": world["certificates"][0]["key"] if world["certificates"] else NOWHERE,
        "batch_key": NOWHERE,
        "mailing_key": NOWHERE,
        "ballot_key": (world["ballots"] or [NOWHERE])[0],
        "addendum_key": (world["addenda"] or [NOWHERE])[0],
        "number": world["certificates"][0]["number"] if world["certificates"] else NO_NUMBER,
        "section_code": "project",
        "question_code": "title",
        "version_key": NOWHERE,
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
        "photo_key": NOWHERE,
        "width": 480,
    }
    if endpoint.startswith(("structure.", "register.")):
        found["key"] = world["structures"]["main"]
    if endpoint.endswith("s.picture"):
        found["number"] = 1
    if endpoint == "completions.detach":
        # The world's files are filed: none waits for an answer.
        found["attachment_key"] = NOWHERE
    if endpoint.startswith(("staff.", "mailbox.")):
        found["key"] = NOWHERE
    if endpoint.startswith("certificate_kinds."):
        found["code"] = "nominee"
    if endpoint.startswith("staff_form."):
        code = "project" if endpoint == "staff_form.section" else "pitch"
        found |= {"what": "questions", "code": code, "number": 1}
    return {name: found[name] for name in names}


# Routes that write a draft: the file that was never submitted.
DRAFT_ROUTES = {
    "candidacies.save",
    "candidacies.section",
    "candidacies.save_section",
    "writing.presence",
    "writing.restore",
    "starting.copy",
    "filings.submit",
    "filings.delete",
    "filings.restore",
    "attachments.attach",
    "attachments.detach",
    "uploads.begin",
}


# What a route needs after its address to have an object at all.
HEADERS = {
    "uploads.begin": {
        "Tus-Resumable": "1.0.0",
        "Upload-Length": "100",
        "Upload-Metadata": "question cGhvdG9z,filename YS5qcGc=",
    }
}
QUERIES = {"deliberation.propose": "?prix=national_entry&thematique=us"}


def body_of(endpoint: str, world: World) -> dict[str, Any]:
    """Return a plausible body for a route that writes."""
    main = world["candidacies"]["main"]
    bodies: dict[str, dict[str, Any]] = {
        "candidacies.open_draft": {"structure": world["structures"]["free"]},
        "staff_erasures.person": {"email": "rj@monde.example", "told": "y"},
        "candidacies.save": {"field": "area", "value": "Brest"},
        "candidacies.save_section": {"area": "Brest"},
        "writing.presence": {"rubrique": "project"},
        "attachments.attach": {"question": "photos", "file": (io.BytesIO(picture()), "photo.jpg")},
        "attachments.detach": {"question": "photos"},
        "filings.withdraw": {"reason": "Nous renonçons."},
        "structure.settle": {"reponse": "oui"},
        "admissibility.decide": {"verdict": "admissible", "reason": ""},
        "admissibility.check": {"version-region": "0", "finding-region": "met", "note-region": ""},
        "staff_completions.ask": {
            "champ": "area",
            "message": "Précisez.",
            "day": "2026-07-20",
            "hour": "18:00",
        },
        "staff_completions.move": {"day": "2026-07-30", "hour": "18:00"},
        "staff_completions.write": {"body": "Avez-vous reçu notre demande ?"},
        "staff_transfers.propose": {"region": "28", "reason": "Le siège est en Normandie."},
        "staff_bulk.preview": {"acte": "admissible", "cle": main},
        "staff_bulk.apply": {"acte": "admissible", "cle": main},
        "staff_wordings.change": {"subject": "Un complément", "body": "Bonjour {person}."},
        "completions.answer": {"area": "Brest"},
        "completions.save": {"field": "area", "value": "Brest", "version": ""},
        "completions.attach": {"question": "photos", "file": (io.BytesIO(picture()), "photo.jpg")},
        "completions.write": {"body": "Nous répondons demain."},
        "jury.declare": {f"verdict-{main}": "unsure", f"reason-{main}": "Un doute."},
        "deliberation.propose": {"candidacy": main, "citation": "Pour un lieu partagé.", "reason": ""},
        "staff_juries.invite": {"name": "Une personne", "email": "neuve@jury.example", "function": "juror"},
        "staff_juries.remove": {"reason": "Empêchement."},
        "staff_juries.settle": {
            "seat": world["seats"]["RJ2"],
            "candidacy": main,
            "verdict": "unsure",
            "reason": "Doute.",
        },
        "staff_juries.lift": {"seat": world["seats"]["RK"], "candidacy": main, "reason": "Erreur."},
        "staff_scoring.waive": {"seat": world["seats"]["RJ2"], "candidacy": main, "reason": "Absence."},
        "certificate_kinds.change": {
            "label": "Attestation de nomination",
            "issuer_line": "Le jury national distingue",
            "distinction": "{{ prize }}",
            "design": "attestation",
            "from_phase": "P5",
            "is_given": "y",
        },
        "staff_form.order": {"deplacer": "questions:pitch:bas", "reason": "Ordre."},
        "staff_form.removal": {"reason": "Doublon."},
        "staff_form.restore": {"reason": "Erreur."},
        "staff_form.copy": {"edition": "2020"},
        "publication.embargo": {"day": "2026-12-24", "hour": "18:00"},
        "staff_national.absence": {"theme": "us", "kind": "no_finalist", "reason": "Aucun dossier."},
        "staff_national.presence": {"theme": "us"},
        "staff_national.replace": {"candidacy": "", "reason": "Retrait."},
        "national_entry.note": {"note": "Un nouveau partenaire."},
        "national_entry.piece": {"file": (io.BytesIO(picture()), "photo.jpg")},
        "staff_scoring.unlock": {"reason": "Une erreur."},
        "staff_seats.readdress": {"email": "ailleurs@jury.example"},
        "staff_seats.call": {"reason": "Un membre est malade."},
        "voting.prepare": {"theme": "us", "kind": "hands", "question": "Oui ?"},
        "voting.cancel": {"reason": "Mal posée."},
        "discussion.move": {"candidacy": main},
        "discussion.note": {"candidacy": main, "body": "Un modèle."},
        "discussion.absences": {"candidacy": main},
        "signatures.add": {"body": "Lire : Rennes."},
        "signatures.sign": {"role": "chair", "password": ""},
        "staff_assignments.ask": {"theme": "us", "readers": "2", "spread": "3"},
        "staff_assignments.add": {"seat": world["seats"]["RJ2"], "candidacy": main},
        "staff_assignments.remove": {"seat": world["seats"]["RJ2"], "candidacy": main},
        "staff_assignments.to_all": {"theme": "us"},
        "jury.charter": {"accepted": "y"},
        "candidate_accounts.write": {"body": "Un texte du jury.", "version": "0", "act": "keep"},
        "mailings.try_wording": {"code": "decision_selected"},
        "mailings.write": {"audience": "filed", "subject": "Rappel", "body": "Bonjour {person}."},
        "jury_file.record": {"mark-need": "3"},
        "jury_chair.waive": {"seat": world["seats"]["RJ2"], "candidacy": main, "reason": "Absence."},
        "jury_chair.reopen": {"seat": world["seats"]["RJ2"], "candidacy": main, "reason": "Erreur."},
        "jury_chair.unlock": {"reason": "Une erreur."},
    }
    return bodies.get(endpoint, {})


_OTHER_THEME = "who stands aside in one theme of the nation sits in the other: test_matrix_national_aside reads what is there"
# (endpoint, method, subject of the matrix or *, phase or *): what is another in the national round, and why.
NATIONAL_EXCEPTIONS: dict[tuple[str, str, str, str], str] = {
    (endpoint, method, "RK", "*"): _OTHER_THEME
    for method, endpoints in (
        (
            "GET",
            "decisions.home decisions.minutes_pdf deliberation.decisions deliberation.home deliberation.minutes "
            "deliberation.minutes_pdf jury_advice.page jury_chair.ranking signatures.addendum signatures.home "
            "staff_advice.page staff_scoring.ranking staff_signatures.addendum staff_signatures.home voting.ballot "
            "voting.home",
        ),
        ("POST", "signatures.add signatures.sign staff_signatures.add staff_signatures.sign voting.cast"),
    )
    for endpoint in endpoints.split()
}
