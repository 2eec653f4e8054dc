"""The form put to candidates, the checklist of the chamber and the messages, as a preset gives them."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Choice:
    """One answer of a question with choices."""

    code: str
    label: str


@dataclass(frozen=True, slots=True)
class Section:
    """A step of the form."""

    code: str
    title: str
    introduction: str


@dataclass(frozen=True, slots=True)
class Question:
    """A question of the form. `limit` counts signs; `max_mib` is the size of one file in MiB."""

    code: str
    section: str
    kind: str
    label: str
    audience: str
    help: str = ""
    example: str = ""
    limit: int | None = None
    required: bool = False
    theme: str | None = None
    criterion: str | None = None
    choices: tuple[Choice, ...] = ()
    accept: tuple[str, ...] = ()
    max_mib: int | None = None
    max_count: int | None = None
    administrative: bool = False


@dataclass(frozen=True, slots=True)
class CheckItem:
    """A line of the admissibility checklist; `machine` names the advice computed for it, if any."""

    code: str
    label: str
    help: str
    reason: str
    machine: str = ""


@dataclass(frozen=True, slots=True)
class Reason:
    """A wording offered to the chamber, editable: `leads_to` is `refusal` or `correction`."""

    code: str
    label: str
    leads_to: str
    wording: str


@dataclass(frozen=True, slots=True)
class Placeholder:
    """A word in braces that messages and reasons may contain, and what it stands for."""

    code: str
    meaning: str


@dataclass(frozen=True, slots=True)
class Message:
    """A message: subject and plain-text body with `{placeholders}`."""

    code: str
    name: str
    subject: str
    body: str
