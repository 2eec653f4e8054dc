"""The mailbox folder, for the demonstration's page."""

from awards_app.adapters.mail import Letter, letter_of, mailbox


def letters() -> list[Letter]:
    """Return the letters that left into the mailbox folder, newest first."""
    return mailbox()


def find_letter(key: str) -> Letter | None:
    """Return one of them, or None."""
    return letter_of(key)
