"""What is written on the papers of the prize: values handed to the printer, already in French."""

import re
import unicodedata
from dataclasses import dataclass, fields, is_dataclass, replace
from typing import Literal, TypeVar

CertificateKind = Literal["diploma", "attestation"]
Paper = TypeVar("Paper")

_MOST_MARKS_ON_A_LETTER = 3
# Arabic letter mark, marks, embeddings, overrides and isolates of direction: they can make a name read as another.
_BIDI_CONTROLS = frozenset("\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
_KEPT_FORMATS = frozenset("\u00ad\u200c\u200d")
_SPACES = re.compile(r"[^\S\n\u00a0\u202f]+")


@dataclass(frozen=True)
class CertificateText:
    """One certificate: ``diploma`` (A4 landscape) or ``attestation`` (A4 portrait).

    ``issuer_line`` is the sentence before the name, ``dated`` the day in words, ``verify_url`` what the QR code says.
    ``structure_name`` is the name of whoever it is for, a person's on a juror's attestation.
    ``region_code`` is the COG code whose petal is gold; without one every petal speaks.
    """

    kind: CertificateKind
    edition_label: str
    issuer_line: str
    structure_name: str
    distinction: str
    theme_name: str
    theme_code: str
    citation: str
    region_code: str | None
    region_name: str
    number: str
    verify_url: str
    signed_by: str
    signed_role: str
    dated: str
    place: str
    sample: bool = False
    # A plain paragraph under the distinction, and what the paper calls itself.
    body: str = ""
    kind_label: str = ""
    # What made these words, kept with them: the version of the kind's texts (0 is the platform's own) and the layout.
    wording_version: int = 0
    layout: int = 1


@dataclass(frozen=True)
class Watermark:
    """Who obtained an embargoed paper and when, both as printed."""

    account: str
    at: str


@dataclass(frozen=True)
class RecusalLine:
    """A juror who left the room for one file; ``reason`` is a word of the declaration, never a detail."""

    file: str
    juror: str
    reason: str = ""


@dataclass(frozen=True)
class FileLine:
    """A file the jury examined."""

    number: str
    structure: str
    title: str
    theme: str = ""


@dataclass(frozen=True)
class RankingLine:
    """One line of a ranking: ``score`` as shown, ``readers`` how many scoresheets count."""

    rank: str
    structure: str
    title: str
    score: str
    readers: int


@dataclass(frozen=True)
class RankingTable:
    """The ranking of one theme, in its order."""

    theme: str
    lines: tuple[RankingLine, ...]


@dataclass(frozen=True)
class VoteLine:
    """A vote: the question, the ballot (« à main levée », « à bulletin secret »), the counts, the outcome."""

    question: str
    ballot: str
    in_favour: int
    against: int
    abstained: int
    outcome: str


@dataclass(frozen=True)
class BallotChoice:
    """One choice of a counted ballot: its place and its count, both as printed."""

    choice: str
    place: str
    count: str


@dataclass(frozen=True)
class BallotRecord:
    """A ballot: its question and kind, its count, who raised a hand for what, or why it was cancelled."""

    question: str
    kind: str
    papers: str
    choices: tuple[BallotChoice, ...] = ()
    hands: str = ""
    cancelled: str = ""


@dataclass(frozen=True)
class SessionNote:
    """What the chair wrote of the discussion of one file, and who was out of the room for it."""

    file: str
    note: str = ""
    absent: str = ""


@dataclass(frozen=True)
class DecisionLine:
    """A decision of the jury with what it says in public (``citation``) and why (``reason``)."""

    outcome: str
    structure: str
    theme: str
    citation: str = ""
    reason: str = ""


@dataclass(frozen=True)
class PrizeLine:
    """A prize, who receives it and the endowment as printed (« 1 000 € »)."""

    prize: str
    structure: str
    endowment: str = ""


@dataclass(frozen=True)
class UnawardedLine:
    """A prize not awarded, and why."""

    prize: str
    reason: str = ""


@dataclass(frozen=True)
class SignatureLine:
    """A person who signs the minutes; ``signed_at`` is empty for a paper still to be signed."""

    name: str
    role: str
    signed_at: str = ""


@dataclass(frozen=True)
class MinutesText:
    """The minutes (*procès-verbal*) of one deliberation."""

    number: str
    edition_label: str
    jury_name: str
    region_code: str | None
    region_name: str
    themes: tuple[str, ...]
    held_on: str
    place: str
    called: tuple[str, ...]
    present: tuple[str, ...]
    excused: tuple[str, ...]
    chair: str
    secretary: str
    quorum: str
    recusals: tuple[RecusalLine, ...]
    files: tuple[FileLine, ...]
    rankings: tuple[RankingTable, ...]
    votes: tuple[VoteLine, ...]
    tie_rule: str
    decisions: tuple[DecisionLine, ...]
    prizes: tuple[PrizeLine, ...]
    unawarded: tuple[UnawardedLine, ...]
    snapshot_sha256: str
    signatures: tuple[SignatureLine, ...] = ()
    addenda: tuple[str, ...] = ()
    watermark: Watermark | None = None
    draft: bool = False
    notes: str = ""
    ballots: tuple[BallotRecord, ...] = ()
    session: tuple[SessionNote, ...] = ()
    sha256: str = ""
    # The day a person was erased from this copy; the fingerprint is the original's.
    redacted_on: str = ""


@dataclass(frozen=True)
class AddendumText:
    """A correction of frozen minutes, that names them by their number and fingerprint."""

    number: str
    minutes_number: str
    minutes_sha256: str
    region_code: str | None
    region_name: str
    body: str
    written_by: str
    role: str
    written_at: str
    sha256: str
    edition_label: str = ""
    watermark: Watermark | None = None


@dataclass(frozen=True)
class ReceiptFile:
    """An attached file as received; ``size`` as printed."""

    name: str
    sha256: str
    size: str = ""


@dataclass(frozen=True)
class ReceiptSection:
    """A section of the form with its (question, answer) pairs."""

    title: str
    answers: tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class ReceiptText:
    """The receipt of a candidacy; ``received_at`` names its zone, ``fingerprint`` is the SHA-256 of the frozen copy."""

    number: str
    edition_label: str
    received_at: str
    structure: str
    title: str
    theme: str
    region_code: str | None
    region_name: str
    fingerprint: str
    files: tuple[ReceiptFile, ...]
    sections: tuple[ReceiptSection, ...]
    sample: bool = False
    # The closing that held, and the first one, when it was moved before the submission.
    closing: str = ""
    first_closing: str = ""
    # The day a person was erased from this copy; the fingerprint is the original's.
    redacted_on: str = ""


def drawable_text(value: str) -> str:
    """Return ``value`` fit for print: NFC, no control or direction character, no pile of accents, single spaces."""
    kept: list[str] = []
    marks = 0
    for character in unicodedata.normalize("NFC", value.replace("\r\n", "\n")):
        category = unicodedata.category(character)
        if character in _BIDI_CONTROLS or (category == "Cf" and character not in _KEPT_FORMATS):
            continue
        if category in {"Cc", "Cs", "Co", "Cn"} and character not in "\n\t":
            continue
        marks = marks + 1 if category in {"Mn", "Me"} else 0
        if marks <= _MOST_MARKS_ON_A_LETTER:
            kept.append(character)
    return _SPACES.sub(" ", "".join(kept)).strip()


def drawable(paper: Paper) -> Paper:
    """Return a copy of a paper whose every text went through `drawable_text`, however deep it lies."""
    return _drawn(paper)  # type: ignore[return-value]  # the copy has the type of what it copies


def _drawn(value: object) -> object:
    if isinstance(value, str):
        return drawable_text(value)
    if isinstance(value, tuple):
        return tuple(_drawn(item) for item in value)
    if is_dataclass(value) and not isinstance(value, type):
        return replace(value, **{field.name: _drawn(getattr(value, field.name)) for field in fields(value)})
    return value
