"""The form under change: held, settled, compared before and after, its version and journal entry kept."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from awards_app.database import atomic
from awards_app.domain.form_changes import changes_between
from awards_app.domain.form_conditions import check_conditions
from awards_app.domain.form_edits import check_reason
from awards_app.domain.form_meanwhile import RowHasChanged
from awards_app.domain.form_shapes import Form, questions_of
from awards_app.domain.holder import Holder
from awards_app.domain.phases import Phase
from awards_app.domain.refusals import DoesNotExist
from awards_app.models.editions import Edition
from awards_app.queries.form_desk import check_may_change, themes_and_criteria
from awards_app.queries.forms import whole_form_of
from awards_app.services.form_revisions import keep_revision
from awards_app.services.journal import write_entry

Mark = Callable[[Form], str]


@dataclass(frozen=True, slots=True)
class Bench:
    """The form under change: its edition, as it was, whether a call is open, and the words that rows may name."""

    edition_id: int
    form: Form
    is_open: bool
    themes: Mapping[str, str]
    criteria: Mapping[str, str]
    now: datetime

    @property
    def codes(self) -> set[str]:
        """Return the codes of questions and sections, which no new one may take."""
        return (
            {section.code for section in self.form} | set(questions_of(self.form, retired=True)) | {"theme"}
        )


@contextmanager
def changing(
    holder: Holder,
    year: int,
    reason: str,
    now: datetime,
    *,
    seen: str | None = None,
    mark: Mark | None = None,
) -> Iterator[Bench]:
    """Hold the form of an edition, and keep what changed: a journal entry, and a version once a call is open.

    ``seen`` is what ``mark`` said of the form on the person's page: `RowHasChanged` when it says something else.
    """
    with atomic() as session:
        edition = session.scalar(select(Edition).where(Edition.year == year).with_for_update())
        if edition is None:
            raise DoesNotExist
        phase = check_may_change(holder, edition.id, now)
        is_open = phase is not Phase.PREPARATION
        why = check_reason(reason, is_open)
        themes, criteria = themes_and_criteria(edition.id)
        names = {code: name for found in criteria.values() for code, name in found.items()}
        before = whole_form_of(edition.id)
        is_stale = seen is not None and mark is not None and seen != mark(before)
        yield Bench(edition.id, before, is_open, themes, names, now)
        session.flush()
        after = whole_form_of(edition.id)
        check_conditions(after)
        changes = changes_between(before, after)
        if not changes:
            return
        if is_stale:
            raise RowHasChanged
        number = keep_revision(holder, edition.id, before, after, changes, why, now) if is_open else None
        write_entry(
            holder,
            "change_form",
            "edition",
            edition.key,
            now,
            detail={
                "revision": number,
                "reason": why,
                "changes": [str(change.sentence) for change in changes],
            },
        )
