"""Why a case has no function: the platform has not got there yet, or is not concerned."""

DEFAULT = "no script is written for it yet"
REASONS: dict[str, tuple[bool, str]] = {}


def reason_of(identifier: str) -> tuple[bool, str]:
    """Return whether the case applies to the platform, and why it has no function."""
    return REASONS.get(identifier, (True, DEFAULT))
