"""What is wrong, or could be better, in a form: the check list of who writes it."""

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass

from awards_app.domain.form_conditions import ConditionTurnsRound, check_conditions, codes_of, may_control
from awards_app.domain.form_shapes import Condition, Form, QuestionFacts, SectionFacts, questions_of
from awards_app.domain.indicator_tables import columns_of
from awards_app.domain.question_kinds import CHOICE_KINDS, FILE_KINDS, FILE_TYPES
from awards_app.domain.said import Said
from awards_app.domain.words import N_

# Answers that other rooms read by their code: the title of every list, what the public reads, whom the chamber writes to.
TITLE = "title"
READ_ELSEWHERE = ("title", "pitch", "summary", "contact_email")
# About two hours of writing.
MOST_QUESTIONS = 60
MOST_SIGNS = 40_000
LONGEST_LABEL = 200

NO_LABEL = N_("« %(code)s » : la question n’a pas d’intitulé.")
LONG_LABEL = N_("« %(label)s » : l’intitulé dépasse %(limit)s signes. Mettez le détail dans l’aide.")
CRITERION_UNKNOWN = N_("« %(label)s » renvoie à un critère qui n’est pas dans la grille régionale.")
THEME_UNKNOWN = N_("« %(label)s » est réservée à une thématique qui n’existe pas dans cette édition.")
CONDITION_BROKEN = N_(
    "« %(label)s » dépend d’une question qui n’est plus posée : elle est montrée à tout le monde."
)
CONDITION_NEVER = N_(
    "« %(label)s » dépend d’une réponse qui n’est plus proposée : elle n’est montrée à personne."
)
CONDITION_ON_FILE = N_("« %(label)s » dépend d’une pièce jointe : c’est impossible.")
FEW_CHOICES = N_("« %(label)s » propose moins de deux réponses.")
NO_COLUMN = N_("« %(label)s » : le tableau n’a pas de colonne.")
NO_FILE_TYPE = N_("« %(label)s » n’accepte aucun format de fichier.")
NO_LIMIT = N_("« %(label)s » : un texte long sans limite de signes.")
PUBLIC_CONTACT = N_("« %(label)s » : une coordonnée personnelle serait publiée.")
EMPTY_SECTION = N_("La rubrique « %(label)s » ne pose aucune question.")
NOT_THERE = N_("La question « %(code)s », lue par d’autres pages, n’est pas posée.")
TOO_MANY = N_("%(theme)s : %(count)s questions. Au-delà de %(limit)s, les candidatures se découragent.")
TOO_LONG = N_(
    "%(theme)s : jusqu’à %(count)s signes à écrire. Au-delà de %(limit)s, le jury ne lit plus tout."
)
CRITERION_ALONE = N_("%(theme)s : aucune question n’éclaire le critère « %(criterion)s ».")


@dataclass(frozen=True, slots=True)
class Finding:
    """A line of the check list; ``blocks`` for what must be mended, else advice. ``code`` leads to the question or section."""

    blocks: bool
    sentence: Said
    question: str = ""
    section: str = ""


def check_form(
    form: Form, themes: Mapping[str, str], criteria: Mapping[str, Mapping[str, str]]
) -> tuple[Finding, ...]:
    """Return what is wrong with a form, what must be mended first.

    ``themes`` are names by code; ``criteria`` the names of the regional criteria that count in each theme, by theme code.
    """
    asked = questions_of(form)
    findings = [
        *_sections(form, asked, themes),
        *(finding for question in asked.values() for finding in _question(question, asked, themes, criteria)),
        *_round(form),
        *(Finding(False, Said(NOT_THERE, code=code)) for code in READ_ELSEWHERE if code not in asked),
        *_whole(form, themes, criteria),
    ]
    return tuple(sorted(findings, key=lambda finding: not finding.blocks))


def _sections(form: Form, asked: Mapping[str, QuestionFacts], themes: Collection[str]) -> Iterator[Finding]:
    for section in form:
        if section.retired:
            continue
        # The section of the theme asks for the theme.
        if section.code != "theme" and not any(q.section == section.code for q in asked.values()):
            yield Finding(False, Said(EMPTY_SECTION, label=section.title), section=section.code)
        if section.theme_code is not None and section.theme_code not in themes:
            yield Finding(True, Said(THEME_UNKNOWN, label=section.title), section=section.code)
        for sentence in _condition(section.condition, asked):
            yield Finding(True, Said(sentence, label=section.title), section=section.code)


def _question(
    question: QuestionFacts,
    asked: Mapping[str, QuestionFacts],
    themes: Collection[str],
    criteria: Mapping[str, Mapping[str, str]],
) -> Iterator[Finding]:
    def found(blocks: bool, sentence: str, **values: object) -> Finding:
        return Finding(blocks, Said(sentence, label=question.label, **values), question=question.code)

    if not question.label.strip():
        yield Finding(True, Said(NO_LABEL, code=question.code), question=question.code)
    elif len(question.label) > LONGEST_LABEL:
        yield found(False, LONG_LABEL, limit=LONGEST_LABEL)
    if question.criterion_code and not any(question.criterion_code in names for names in criteria.values()):
        yield found(True, CRITERION_UNKNOWN)
    if question.theme_code is not None and question.theme_code not in themes:
        yield found(True, THEME_UNKNOWN)
    for sentence in _condition(question.condition, asked):
        yield found(True, sentence)
    if question.kind in CHOICE_KINDS and len(question.choices) < 2:
        yield found(True, FEW_CHOICES)
    if question.kind == "table" and not columns_of(question.settings):
        yield found(True, NO_COLUMN)
    if question.kind in FILE_KINDS and not set(question.accepts) & set(FILE_TYPES):
        yield found(True, NO_FILE_TYPE)
    if question.kind == "long_text" and question.limit is None:
        yield found(False, NO_LIMIT)
    if question.kind in ("email", "phone", "address") and question.audience == "public":
        yield found(False, PUBLIC_CONTACT)


def _condition(condition: Condition | None, asked: Mapping[str, QuestionFacts]) -> Iterator[str]:
    if condition is None:
        return
    controlling = asked.get(condition.question)
    if controlling is None:
        yield CONDITION_BROKEN
    elif not may_control(controlling):
        yield CONDITION_ON_FILE
    elif condition.one_of and not set(condition.one_of) & {code for code, _words in codes_of(controlling)}:
        yield CONDITION_NEVER


def _round(form: Form) -> Iterator[Finding]:
    try:
        check_conditions(form)
    except ConditionTurnsRound as refusal:
        yield Finding(True, Said(refusal.sentence, **refusal.values))


def _whole(
    form: Iterable[SectionFacts], themes: Mapping[str, str], criteria: Mapping[str, Mapping[str, str]]
) -> Iterator[Finding]:
    live = [section for section in form if not section.retired]
    for theme, name in themes.items():
        met = [q for section in live for q in section.for_theme(theme) if not q.retired]
        if len(met) > MOST_QUESTIONS:
            yield Finding(False, Said(TOO_MANY, theme=name, count=len(met), limit=MOST_QUESTIONS))
        signs = sum(question.limit or 0 for question in met)
        if signs > MOST_SIGNS:
            yield Finding(False, Said(TOO_LONG, theme=name, count=signs, limit=MOST_SIGNS))
        informed = {question.criterion_code for question in met}
        for code, words in criteria.get(theme, {}).items():
            if code not in informed:
                yield Finding(False, Said(CRITERION_ALONE, theme=name, criterion=words))
