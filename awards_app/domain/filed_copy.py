"""The frozen copy of a submitted candidacy: how it is written, and what each audience reads of it."""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from awards_app.domain.erasures import redacted_on
from awards_app.domain.form_answers import shown_value
from awards_app.domain.indicator_tables import shown_cells

FORMAT = 1
READABLE: dict[str, frozenset[str]] = {
    "own": frozenset({"public", "jury", "staff"}),
    "staff": frozenset({"public", "jury", "staff"}),
    "jury": frozenset({"public", "jury"}),
    "auditor": frozenset({"public", "jury"}),
}
# What a juror does not read of the structure, and what the auditor does not read of the answers.
HIDDEN_FROM_JURY = ("siret", "address", "postcode")
HIDDEN_FROM_AUDITOR = frozenset({"money"})


@dataclass(frozen=True, slots=True)
class FiledStructure:
    """The structure as it was when the candidacy was submitted."""

    name: str
    acronym: str = ""
    legal_family: str = ""
    legal_form: str = ""
    siren: str | None = None
    siret: str | None = None
    rna: str | None = None
    court_register: str | None = None
    founded_on: date | None = None
    address: str = ""
    postcode: str = ""
    city: str = ""
    department: str = ""
    website: str = ""
    is_esus: bool = False
    network: str = ""


@dataclass(frozen=True, slots=True)
class FiledAnswer:
    """One answer; ``value`` as filed, ``shown`` as people read it, ``criterion`` the code of what the jury reads in it.

    ``cells`` are the headings and rows of a table of indicators, empty for any other kind.
    """

    code: str
    label: str
    kind: str
    value: str
    shown: str
    criterion: str | None
    cells: tuple[tuple[str, ...], ...] = ()


@dataclass(frozen=True, slots=True)
class FiledSection:
    """The answers of a section that the audience may read; never empty."""

    code: str
    title: str
    answers: tuple[FiledAnswer, ...]


@dataclass(frozen=True, slots=True)
class FiledAttachment:
    """An attachment as filed; ``question`` is the label of what it answers."""

    key: str
    question: str
    label: str
    name: str
    media_type: str
    size: int
    sha256: str
    audience: str

    @property
    def is_image(self) -> bool:
        """Say whether a page may show it as a picture."""
        return self.media_type.startswith("image/")


@dataclass(frozen=True, slots=True)
class FiledCopy:
    """A submitted candidacy as one audience reads it."""

    key: str
    receipt: str
    sha256: str
    submitted_at: datetime | None
    number: int
    state: str
    year: int
    edition_name: str
    structure: FiledStructure
    theme_code: str
    theme_name: str
    region_code: str
    region_name: str
    title: str
    pitch: str
    summary: str
    sections: tuple[FiledSection, ...] = ()
    attachments: tuple[FiledAttachment, ...] = field(default_factory=tuple)
    # The day a person was erased from it, in words; the fingerprint is the original's.
    redacted_on: str = ""


@dataclass(frozen=True, slots=True)
class Filed:
    """What the row of a submission says beside its content."""

    key: str
    receipt: str
    sha256: str
    submitted_at: datetime | None
    number: int
    state: str


def read_copy(content: str | Mapping[str, Any], filed: Filed, audience: str) -> FiledCopy:
    """Return the copy that ``audience`` (own, staff, jury, auditor) reads of a frozen content."""
    frozen: Mapping[str, Any] = json.loads(content) if isinstance(content, str) else content
    readable = READABLE[audience]
    answers = {
        answer["code"]: answer["value"]
        for section in frozen["sections"]
        for answer in section["answers"]
        if answer["audience"] in readable
    }
    return FiledCopy(
        key=filed.key,
        receipt=filed.receipt,
        sha256=filed.sha256,
        submitted_at=filed.submitted_at,
        number=filed.number,
        state=filed.state,
        year=frozen["edition"]["year"],
        edition_name=frozen["edition"]["name"],
        structure=_structure(frozen["structure"], audience),
        theme_code=frozen["theme"]["code"],
        theme_name=frozen["theme"]["name"],
        region_code=frozen["region"]["code"],
        region_name=frozen["region"]["name"],
        title=frozen["title"],
        pitch=answers.get("pitch", ""),
        summary=answers.get("summary", ""),
        sections=tuple(_sections(frozen["sections"], readable, audience)),
        attachments=tuple(_attachments(frozen["attachments"], readable, audience)),
        redacted_on=redacted_on(frozen),
    )


def filed_answers(content: str) -> dict[str, FiledAnswer]:
    """Return the answers of a frozen content by question, as the chamber reads them; blank ones are left out."""
    sections = _sections(json.loads(content)["sections"], READABLE["staff"], "staff")
    return {answer.code: answer for section in sections for answer in section.answers}


def _structure(frozen: Mapping[str, Any], audience: str) -> FiledStructure:
    kept = dict(frozen)
    if audience == "jury":
        for name in HIDDEN_FROM_JURY:
            kept[name] = None if name == "siret" else ""
    founded = kept.pop("founded_on")
    return FiledStructure(
        founded_on=date.fromisoformat(founded) if founded else None,
        **{name: kept[name] for name in FiledStructure.__slots__ if name in kept},
    )


def _sections(
    frozen: Iterable[Mapping[str, Any]], readable: frozenset[str], audience: str
) -> Iterable[FiledSection]:
    for section in frozen:
        answers = tuple(
            FiledAnswer(
                code=answer["code"],
                label=answer["label"],
                kind=answer["kind"],
                value=answer["value"],
                shown=shown_value(
                    answer["kind"],
                    answer["value"],
                    [(c, label) for c, label in answer["choices"]],
                    answer.get("settings"),
                ),
                criterion=answer["criterion"],
                cells=shown_cells(answer["value"], answer.get("settings") or {})
                if answer["kind"] == "table"
                else (),
            )
            for answer in section["answers"]
            if answer["audience"] in readable
            and answer["value"]
            and not (audience == "auditor" and answer["kind"] in HIDDEN_FROM_AUDITOR)
        )
        if answers:
            yield FiledSection(section["code"], section["title"], answers)


def _attachments(
    frozen: Iterable[Mapping[str, Any]], readable: frozenset[str], audience: str
) -> Iterable[FiledAttachment]:
    for attachment in frozen:
        if attachment["audience"] not in readable:
            continue
        own_name = audience in ("own", "staff")
        yield FiledAttachment(
            key=attachment["key"],
            question=attachment["question"],
            label=attachment["label"],
            name=attachment["name"] if own_name else attachment["clean_name"],
            media_type=attachment["media_type"],
            size=attachment["size"],
            sha256=attachment["sha256"],
            audience=attachment["audience"],
        )
