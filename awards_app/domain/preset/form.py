"""The form put to candidates, the checklist of the chamber and the messages, as a preset gives them."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Choice:
    """One answer of a question with choices."""

    code: str
    label: str


@dataclass(frozen=True, slots=True)
class TableColumn:
    """A column of a table of indicators; `kind` is text, integer, number or money."""

    code: str
    label: str
    kind: str = "text"
    unit: str = ""
    required: bool = False


@dataclass(frozen=True, slots=True)
class AskedIf:
    """Asked only if another question is answered, or answered by one of these codes."""

    question: str
    one_of: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Section:
    """A step of the form, put to one theme only or under a condition if it says so."""

    code: str
    title: str
    introduction: str
    theme: str | None = None
    asked_if: AskedIf | None = None


@dataclass(frozen=True, slots=True)
class Question:
    """A question of the form. `limit` counts signs; `max_mib` is the size of one file in MiB.

    `min` and `max` bound numbers and are written as text, exact; `registers` are those an identifier may be of.
    """

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
    unit: str = ""
    min: str = ""
    max: str = ""
    decimals: int | None = None
    registers: tuple[str, ...] = ()
    columns: tuple[TableColumn, ...] = ()
    max_rows: int | None = None
    asked_if: AskedIf | None = None


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
