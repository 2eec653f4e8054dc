"""What a page of a candidacy offers to the person who reads it; the services decide again at each act."""

from datetime import datetime

from awards_app.domain.permissions import Permission, is_allowed
from awards_app.queries.access import CandidacyFacts
from awards_app.queries.drafts import Draft


def may_write(facts: CandidacyFacts, taken_back_at: datetime | None) -> bool:
    """Say whether answers may be changed now by the person of ``facts``."""
    is_open = facts.state == "draft" or (facts.state == "submitted" and taken_back_at is not None)
    return is_open and is_allowed(Permission.SAVE_DRAFT, facts.round.phase, facts.subjects)


def rights_of(draft: Draft) -> dict[str, bool]:
    """Return the acts to offer: write, submit, take_back, withdraw, delete; and whether the call is open."""
    facts = draft.facts

    def allowed(permission: Permission) -> bool:
        return is_allowed(permission, facts.round.phase, facts.subjects)

    writes = allowed(Permission.SAVE_DRAFT)
    standing = facts.state == "submitted" and draft.taken_back_at is None
    return {
        "open": writes,
        "write": writes and draft.is_open,
        "submit": allowed(Permission.SUBMIT_CANDIDACY) and draft.is_open,
        "take_back": allowed(Permission.SUBMIT_CANDIDACY) and standing,
        "withdraw": allowed(Permission.WITHDRAW_CANDIDACY) and facts.state == "submitted",
        "delete": writes and facts.state == "draft",
    }
