"""A save made from a page whose form has changed since: refused with the differences, the text kept in the history.

Only what concerns the page counts: a change in another section refuses nothing. Once the person has seen the differences
(their page carries the new number) even the text of a question retired meanwhile can be kept with the draft.
"""

from collections.abc import Mapping
from datetime import datetime

from awards_app.domain.candidacies import THEME
from awards_app.domain.form_answers import kept_value
from awards_app.domain.form_changes import FormHasChanged
from awards_app.domain.holder import Holder
from awards_app.queries.forms import changes_since
from awards_app.services.answer_rows import HeldDraft, keep_aside, stored_answers


def stale_answer(held: HeldDraft, field: str, seen: int | None, text: str) -> FormHasChanged | None:
    """Return the refusal of an answer sent from a form that changed, None when it may be saved.

    ``seen`` is the version of the form on the person's page; None only keeps retired questions closed.
    """
    row = held.row
    retired = row.question_retired_at is not None or row.section_retired_at is not None
    if (seen is not None and seen >= row.form_revision) or (seen is None and not retired):
        return None
    section = THEME if field == THEME else row.section_code
    changes, reasons = changes_since(held.facts.round.edition_id, seen or 0, section)
    if not changes and not retired:
        return None
    return FormHasChanged(changes, row.form_revision, {field: text}, reasons)


def stale_section(
    holder: Holder,
    held: HeldDraft,
    section_code: str,
    seen: int | None,
    kinds: Mapping[str, str],
    values: Mapping[str, str],
    now: datetime,
) -> FormHasChanged | None:
    """Return the refusal of a section sent from a form that changed, its new texts set aside; None when it may be saved."""
    current = held.row.form_revision
    if seen is None or seen >= current:
        return None
    changes, reasons = changes_since(held.facts.round.edition_id, seen, section_code)
    if not changes:
        return None
    sent = {code: kept_value(kinds.get(code, "long_text"), value) for code, value in values.items()}
    stored = stored_answers(held.facts.id, list(sent))
    for code, text in sent.items():
        if code not in stored or stored[code].value != text:
            keep_aside(holder, held, code, text, now)
    return FormHasChanged(changes, current, sent, reasons)
