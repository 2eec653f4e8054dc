"""Who may do what, when: the permission matrix as an answer to one question.

Rights attach to a person for an object. The caller says which subjects of the matrix the person is, relative to the
object, and the phase of its round; `answer` says allow, or how to refuse. For the national round the caller
substitutes RJ for NJ, RK for NK, JP for NP and RC for NS, as the matrix says.
"""

from collections.abc import Iterable
from enum import StrEnum

from awards_app.domain.permission_table import CELLS, PHASES, SUBJECTS, TWO_PERSONS
from awards_app.domain.phases import PHASE_LABELS, Phase
from awards_app.domain.refusals import DoesNotExist, IsForbidden, IsNotThePhase, SignInIsNeeded


class Permission(StrEnum):
    """One member a line of the matrix; the value is the line's identifier."""

    OWN_ACCOUNT = "ACC-1"
    READ_CONTACTS = "ACC-2"
    GRANT_ROLE = "ACC-3"
    OWN_STRUCTURE = "STR-1"
    MANAGE_MEMBERS = "STR-2"
    CREATE_CANDIDACY = "CAN-1"
    READ_OWN_CANDIDACY = "CAN-2"
    KNOW_DRAFTS = "CAN-3"
    SAVE_DRAFT = "CAN-4"
    SUBMIT_CANDIDACY = "CAN-5"
    WITHDRAW_CANDIDACY = "CAN-6"
    READ_CANDIDACY = "CAN-7"
    ANSWER_COMPLETION = "CAN-8"
    READ_ATTACHMENT = "ATT-1"
    READ_ADMINISTRATIVE_ATTACHMENT = "ATT-2"
    CHANGE_ATTACHMENT = "ATT-3"
    READ_STORAGE = "ATT-4"
    DECIDE_ADMISSIBILITY = "ELI-1"
    READ_ADMISSIBILITY = "ELI-2"
    COMPOSE_JURY = "PAN-1"
    READ_JURY = "PAN-2"
    DECLARE_INTEREST = "COI-1"
    READ_INTEREST = "COI-2"
    LIFT_RECUSAL = "COI-3"
    RECORD_SCORESHEET = "SCO-1"
    FINISH_SCORESHEET = "SCO-2"
    READ_OWN_SCORESHEET = "SCO-3"
    READ_ATTRIBUTED_SCORES = "SCO-4"
    READ_DISTRIBUTION = "SCO-5"
    READ_PROGRESS = "SCO-6"
    REOPEN_SCORESHEET = "SCO-7"
    READ_RANKING = "RNK-1"
    WAIVE_SCORESHEET = "RNK-2"
    OPEN_SCORING = "RND-1"
    LOCK_SCORING = "RND-2"
    WRITE_MINUTES = "DEL-1"
    READ_MINUTES = "DEL-2"
    PROPOSE_DECISION = "DEC-1"
    CONFIRM_DECISION = "DEC-2"
    READ_DECISION = "DEC-3"
    ANNUL_DECISION = "DEC-4"
    SET_EMBARGO = "PUB-1"
    ARM_PUBLICATION = "PUB-2"
    PREVIEW_HONOURS = "PUB-3"
    READ_HONOURS = "PUB-4"
    DOWNLOAD_CERTIFICATE = "CER-1"
    VERIFY_CERTIFICATE = "CER-2"
    REVOKE_CERTIFICATE = "CER-3"
    EXPORT_CANDIDACIES = "EXP-1"
    EXPORT_AGGREGATES = "EXP-2"
    EXPORT_ATTRIBUTED = "EXP-3"
    SEND_BULK_MESSAGE = "MAI-1"
    READ_MESSAGES = "MAI-2"
    READ_JOURNAL = "AUD-1"
    VERIFY_JOURNAL = "AUD-2"
    CHANGE_JOURNAL = "AUD-3"
    CHANGE_GRID = "SET-1"
    EXTEND_DEADLINE = "SET-2"
    CHANGE_WORDING = "SET-3"
    ERASE_PERSON = "PRG-1"
    READ_OPEN_DATA = "API-1"


class Subject(StrEnum):
    """Who a person is relative to an object."""

    PUBLIC = "PUB"
    MEMBER = "CM"
    RESPONSIBLE = "CO"
    OTHER_STRUCTURE = "CX"
    JUROR = "RJ"
    RECUSED_JUROR = "RK"
    OTHER_JUROR = "RX"
    CHAIR = "JP"
    COORDINATOR = "RC"
    OTHER_COORDINATOR = "RY"
    NATIONAL_JUROR = "NJ"
    RECUSED_NATIONAL_JUROR = "NK"
    NATIONAL_CHAIR = "NP"
    NATIONAL_STAFF = "NS"
    AUDITOR = "AU"


# From the most generous answer to the least: a person who is several subjects gets the first that any of them gets.
# Denials that beat grants (a recused juror, a coordinator who is also a candidate) are settled before, by giving
# the person the denied subject only.
_GENEROSITY = "ACFLN"


def letter(permission: Permission, phase: Phase, subjects: Iterable[Subject]) -> str:
    """Return the letter of the matrix (A, C, F, L or N) for a person who is ``subjects``."""
    row = CELLS[permission.value].split()[PHASES.index(phase.value)]
    found = {row[SUBJECTS.index(subject.value)] for subject in subjects} or {"N"}
    return min(found, key=_GENEROSITY.index)


def needs_two_persons(permission: Permission, phase: Phase) -> bool:
    """Say whether an allowed act waits for a second person in this phase."""
    return phase.value in TWO_PERSONS.get(permission.value, ())


def is_allowed(permission: Permission, phase: Phase, subjects: Iterable[Subject]) -> bool:
    """Say whether one of ``subjects`` may do this now."""
    return letter(permission, phase, subjects) == "A"


def authorise(permission: Permission, phase: Phase, subjects: Iterable[Subject]) -> None:
    """Return if one of ``subjects`` may do this in ``phase``.

    Raises `SignInIsNeeded`, `DoesNotExist`, `IsForbidden` or `IsNotThePhase` as the matrix says otherwise.
    """
    match letter(permission, phase, subjects):
        case "A":
            return
        case "C":
            raise IsNotThePhase(phase=PHASE_LABELS[phase])
        case "F":
            raise IsForbidden
        case "L":
            raise SignInIsNeeded
        case _:
            raise DoesNotExist
