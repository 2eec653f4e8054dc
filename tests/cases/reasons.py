"""Why a case has no function: the platform has not got there yet, or is not concerned."""

DEFAULT = "no script is written for it yet"
_LOAD = "a scenario of load or fault that one script cannot play; see the benches"
_PURGE = "there is no purge by date yet; the erasure of a person is F32 and its own tests"
_BROWSER = "needs a browser; part of it is in the journeys"
REASONS: dict[str, tuple[bool, str]] = {
    "A23": (False, "there are no share links"),
    "A24": (False, "there are no event streams nor autocompletion"),
    "A25": (False, "there is no directory of people"),
    "I14": (True, "there is no second factor yet"),
    "I15": (True, "an address of account cannot be changed yet"),
    "J1": (True, "needs workers to kill: python3 -m awards_app test --kills plays it, and a test of thirty"),
    "J7": (True, "needs a mail server that is cut: the tests of deliveries play it, not this script"),
    "J17": (False, "the platform receives no mail"),
    "K16": (True, "the check of known vulnerabilities is not written yet"),
    "L2": (True, _PURGE),
    "L3": (True, _PURGE),
    "L4": (True, _PURGE),
    "L5": (True, _PURGE),
    "L8": (True, _PURGE),
    "M2": (True, _BROWSER),
    "M5": (True, "the tests of printed papers check it, not yet this script"),
    "M6": (True, "the journey checks it on the pages it passes through"),
    **dict.fromkeys(
        ("K1", "K2", "K3", "K4", "K5", "K6", "K7", "K8", "K9", "N4", "N6"),
        (True, _LOAD),
    ),
    "N2": (True, "the tests of the chain check it, not yet this script"),
    "N9": (True, "the tests of the archive check it, not yet this script"),
}


def reason_of(identifier: str) -> tuple[bool, str]:
    """Return whether the case applies to the platform, and why it has no function."""
    return REASONS.get(identifier, (True, DEFAULT))
