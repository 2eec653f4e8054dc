"""The texts of certificates as staff write them: words replaced, sentences shown on a condition, nothing else.

The sandbox of Jinja is the second wall. The first is a list of what may stand in a text at all: no attribute, no call, no
loop and no arithmetic, so that no text can read anything, nor take long, nor grow.
"""

from collections.abc import Collection, Mapping
from functools import cache
from typing import Any
from unicodedata import category

from jinja2 import StrictUndefined, TemplateSyntaxError, nodes
from jinja2.exceptions import TemplateError
from jinja2.sandbox import ImmutableSandboxedEnvironment

from awards_app.domain.certificate_kinds import READ_LIMIT, WRITTEN_LIMIT, TemplateIsInvalid
from awards_app.domain.words import N_

_ACCEPTED = (
    nodes.Template,
    nodes.Output,
    nodes.TemplateData,
    nodes.Name,
    nodes.If,
    nodes.Not,
    nodes.And,
    nodes.Or,
    nodes.Compare,
    nodes.Operand,
    nodes.Const,
)
_MOST_NODES = 200
_MOST_NESTED = 60


class _Closed(ImmutableSandboxedEnvironment):
    """Opens no attribute and calls nothing."""

    def is_safe_attribute(self, obj: Any, attr: str, value: Any) -> bool:
        return False

    def is_safe_callable(self, obj: Any) -> bool:
        return False


@cache
def _environment() -> _Closed:
    closed = _Closed(undefined=StrictUndefined, autoescape=False, optimized=False)
    for table in (closed.globals, closed.filters, closed.tests):
        table.clear()
    return closed


def check_words(text: str, samples: Mapping[str, str]) -> None:
    """Return if a text may be kept; raise `TemplateIsInvalid` with a sentence that says what and on which line."""
    if len(filled(text, samples)) > READ_LIMIT:
        raise TemplateIsInvalid(
            N_("Une fois ses mots remplacés, ce texte dépasse %(limit)s signes."), limit=READ_LIMIT
        )


def filled(text: str, values: Mapping[str, str]) -> str:
    """Return a text with its words replaced, spaces tidied; raise `TemplateIsInvalid` for what may not be kept.

    What a word holds is never read as a text again.
    """
    _parsed(text, values.keys())
    try:
        read = _environment().from_string(text).render({name: str(value) for name, value in values.items()})
    except (TemplateError, RecursionError, ValueError, TypeError) as fault:
        raise TemplateIsInvalid(N_("Ce texte ne peut pas être lu. Vérifiez ses accolades.")) from fault
    return " ".join(piece for piece in read.replace("\n", " ").split(" ") if piece)


def _parsed(text: str, words: Collection[str]) -> None:
    if len(text) > WRITTEN_LIMIT:
        raise TemplateIsInvalid(N_("Ce texte dépasse %(limit)s signes."), limit=WRITTEN_LIMIT)
    if max(text.count("("), text.count("["), text.count("{")) > _MOST_NESTED:
        raise TemplateIsInvalid(N_("Ce texte contient trop de parenthèses ou d’accolades."))
    try:
        tree = _environment().parse(text)
    except TemplateSyntaxError as fault:
        raise TemplateIsInvalid(
            N_(
                "Ligne %(line)s\u00a0: une accolade ou une condition n’est pas fermée, ou n’est pas comprise."
            ),
            line=fault.lineno,
        ) from fault
    except (TemplateError, RecursionError, ValueError) as fault:
        raise TemplateIsInvalid(N_("Ce texte ne peut pas être lu. Vérifiez ses accolades.")) from fault
    for count, node in enumerate(_walk(tree)):
        if count > _MOST_NODES:
            raise TemplateIsInvalid(N_("Ce texte contient trop de conditions."))
        _check(node, words)


def _walk(tree: nodes.Node) -> Any:
    waiting: list[nodes.Node] = [tree]
    while waiting:
        node = waiting.pop()
        yield node
        waiting.extend(node.iter_child_nodes())


def _reads_as_text(node: nodes.Node) -> bool:
    """Say whether a quoted text is one that may be kept, and a comparison is of words and texts alone.

    A comparison of anything else may fail for the values of one file and of no sample, and a whole order with it.
    """
    if isinstance(node, nodes.Const):
        return isinstance(node.value, str) and not any(category(sign) in ("Cc", "Cs") for sign in node.value)
    if isinstance(node, nodes.Compare):
        return all(
            isinstance(one, nodes.Name | nodes.Const) for one in (node.expr, *(op.expr for op in node.ops))
        )
    return True


def _check(node: nodes.Node, words: Collection[str]) -> None:
    if isinstance(node, nodes.Name):
        if node.ctx != "load" or node.name not in words:
            raise TemplateIsInvalid(
                N_("Ligne %(line)s\u00a0: «\u00a0%(word)s\u00a0» n’est pas un mot de la liste."),
                line=node.lineno,
                word=node.name[:40],
            )
    elif not isinstance(node, _ACCEPTED) or not _reads_as_text(node):
        raise TemplateIsInvalid(
            N_(
                "Ligne %(line)s\u00a0: seuls les mots de la liste et les conditions {%% if %%} sont acceptés."
            ),
            line=node.lineno,
        )
