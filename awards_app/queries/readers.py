"""Who reads the chamber's desk."""

from awards_app.domain.permissions import Subject

STAFF = frozenset({Subject.COORDINATOR, Subject.NATIONAL_STAFF})
READERS = STAFF | {Subject.AUDITOR}
