"""What changed between two versions of a form, in plain French, and how a save made from an old version is refused."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from awards_app.domain.form_shapes import Form, QuestionFacts, SectionFacts
from awards_app.domain.question_kinds import AUDIENCES, KINDS
from awards_app.domain.refusals import Refusal
from awards_app.domain.said import Said
from awards_app.domain.words import N_

SENTENCES: dict[str, str] = {
    "section_added": N_("Rubrique ajoutée : « %(label)s »."),
    "section_retired": N_("Rubrique retirée : « %(label)s »."),
    "section_restored": N_("Rubrique rétablie : « %(label)s »."),
    "section_deleted": N_("Rubrique supprimée : « %(label)s »."),
    "section_renamed": N_("Rubrique renommée : « %(before)s » devient « %(after)s »."),
    "section_lead": N_("Rubrique « %(label)s » : la présentation change."),
    "section_asked": N_("Rubrique « %(label)s » : les conditions pour la remplir changent."),
    "sections_ordered": N_("L’ordre des rubriques change."),
    "added": N_("Question ajoutée : « %(label)s »."),
    "retired": N_("Question retirée : « %(label)s ». Les réponses déjà données sont conservées."),
    "restored": N_("Question rétablie : « %(label)s »."),
    "deleted": N_("Question supprimée : « %(label)s »."),
    "reworded": N_("Question reformulée : « %(before)s » devient « %(after)s »."),
    "kind": N_("« %(label)s » : la forme de la réponse passe de « %(before)s » à « %(after)s »."),
    "required": N_("« %(label)s » : la réponse devient obligatoire."),
    "optional": N_("« %(label)s » : la réponse devient facultative."),
    "limit": N_("« %(label)s » : la limite passe de %(before)s à %(after)s signes."),
    "limit_set": N_("« %(label)s » : la réponse est limitée à %(after)s signes."),
    "limit_lifted": N_("« %(label)s » : la réponse n’est plus limitée en signes."),
    "help": N_("« %(label)s » : l’aide ou l’exemple change."),
    "choices": N_("« %(label)s » : les réponses proposées changent."),
    "details": N_("« %(label)s » : ce que la réponse peut contenir change."),
    "audience": N_("« %(label)s » : la réponse sera lue par %(after)s (avant : %(before)s)."),
    "criterion": N_("« %(label)s » : le critère du jury qu’elle éclaire change."),
    "asked": N_("« %(label)s » : les conditions pour y répondre changent."),
    "moved": N_("« %(label)s » passe dans la rubrique « %(after)s »."),
    "ordered": N_("Rubrique « %(label)s » : l’ordre des questions change."),
}


class FormHasChanged(Refusal):
    """The form was changed since the page was opened; the differences and the text travel with the refusal."""

    sentence = N_(
        "Le formulaire a changé depuis que vous avez ouvert cette page. Rien n’est perdu : votre texte est ci-dessous."
    )

    def __init__(
        self,
        changes: Sequence["Change"],
        revision: int,
        yours: Mapping[str, str],
        reasons: Sequence[str] = (),
    ) -> None:
        super().__init__()
        self.changes = tuple(changes)
        self.reasons = tuple(reasons)
        self.revision = revision
        self.yours = dict(yours)


@dataclass(frozen=True, slots=True)
class Change:
    """One difference; ``sections`` are the codes of the sections whose page it changes."""

    what: str
    code: str
    label: str
    sections: tuple[str, ...] = ()
    before: str = ""
    after: str = ""

    def as_data(self) -> dict[str, Any]:
        """Return the change as a revision keeps it."""
        return asdict(self) | {"sections": list(self.sections)}

    @property
    def sentence(self) -> Said:
        """Return the change in French."""
        return Said(SENTENCES[self.what], label=self.label, before=self.before, after=self.after)


def change_from_data(data: Mapping[str, Any]) -> Change:
    """Return the change that `Change.as_data` wrote."""
    return Change(**{**data, "sections": tuple(data["sections"])})


def changes_in(changes: Iterable[Change], section_code: str) -> tuple[Change, ...]:
    """Return the changes that concern the page of a section."""
    return tuple(change for change in changes if section_code in change.sections)


def changes_between(before: Form, after: Form) -> tuple[Change, ...]:
    """Return what changed, sections first, then questions in their order."""
    return (*_section_changes(before, after), *_question_changes(before, after))


def _section_changes(before: Form, after: Form) -> Iterator[Change]:
    old, new = ({section.code: section for section in form} for form in (before, after))
    for code, section in new.items():
        where = (code,)
        former = old.get(code)
        if former is None:
            yield Change("section_added", code, section.title, where)
            continue
        if former.retired != section.retired:
            yield Change(
                "section_retired" if section.retired else "section_restored", code, section.title, where
            )
        if former.title != section.title:
            yield Change("section_renamed", code, section.title, where, former.title, section.title)
        if former.lead != section.lead:
            yield Change("section_lead", code, section.title, where)
        if (former.theme_code, former.condition) != (section.theme_code, section.condition):
            yield Change("section_asked", code, section.title, where)
    for code, section in old.items():
        if code not in new:
            yield Change("section_deleted", code, section.title, (code,))
    if _reordered(list(old), list(new)):
        yield Change("sections_ordered", "", "")


def _question_changes(before: Form, after: Form) -> Iterator[Change]:
    old = {question.code: question for section in before for question in section.questions}
    new = {question.code: question for section in after for question in section.questions}
    titles = {section.code: section.title for section in after}
    for code, question in new.items():
        former = old.get(code)
        if former is None:
            yield Change("added", code, question.label, (question.section,))
        else:
            yield from _differences(former, question, titles)
    for code, question in old.items():
        if code not in new:
            yield Change("deleted", code, question.label, (question.section,))
    former_sections = {section.code: section for section in before}
    for section in after:
        there = former_sections.get(section.code)
        if there is not None and _reordered(_order(there), _order(section)):
            yield Change("ordered", section.code, section.title, (section.code,))


def _differences(
    former: QuestionFacts, question: QuestionFacts, titles: Mapping[str, str]
) -> Iterator[Change]:
    where = tuple(dict.fromkeys((former.section, question.section)))

    def change(what: str, before: object = "", after: object = "") -> Change:
        return Change(what, question.code, question.label, where, str(before), str(after))

    if former.retired != question.retired:
        yield change("retired" if question.retired else "restored")
    if former.label != question.label:
        yield change("reworded", former.label, question.label)
    if former.kind != question.kind:
        yield change("kind", KINDS[former.kind].label, KINDS[question.kind].label)
    if former.required != question.required:
        yield change("required" if question.required else "optional")
    if former.limit != question.limit:
        what = (
            "limit" if former.limit and question.limit else "limit_set" if question.limit else "limit_lifted"
        )
        yield change(what, former.limit or "", question.limit or "")
    if (former.help, former.example) != (question.help, question.example):
        yield change("help")
    if former.choices != question.choices:
        yield change("choices")
    if _details(former) != _details(question):
        yield change("details")
    if former.audience != question.audience:
        yield change("audience", AUDIENCES[former.audience], AUDIENCES[question.audience])
    if former.criterion_code != question.criterion_code:
        yield change("criterion")
    if (former.theme_code, former.condition) != (question.theme_code, question.condition):
        yield change("asked")
    if former.section != question.section:
        yield change("moved", "", titles.get(question.section, ""))


def _details(question: QuestionFacts) -> tuple[object, ...]:
    return (
        question.unit,
        dict(question.settings),
        question.accepts,
        question.max_mib,
        question.max_count,
    )


def _order(section: SectionFacts) -> list[str]:
    return [question.code for question in section.questions if not question.retired]


def _reordered(before: list[str], after: list[str]) -> bool:
    both = set(before) & set(after)
    return [code for code in before if code in both] != [code for code in after if code in both]
