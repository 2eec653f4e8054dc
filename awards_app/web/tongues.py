"""Templates compiled once a language, their sentences already said: a page says a hundred, most without a variable."""

from typing import Any

from flask.templating import Environment
from flask_babel import get_domain, get_locale
from jinja2 import BytecodeCache, Template, nodes
from jinja2.bccache import Bucket
from jinja2.visitor import NodeTransformer

_SAYING = {"_", "gettext"}


class Tongues(Environment):
    """Jinja's environment, with one beside it for each language, whose templates hold the words of that language.

    A sentence with a variable, or in the plural, is still said when the page is drawn.
    """

    def __init__(self, *arguments: Any, **options: Any) -> None:
        super().__init__(*arguments, **options)
        self.language = ""
        self._spoken: dict[str, Tongues] = {}

    def _load_template(self, name: Any, globals: Any) -> Template:
        language = "" if self.language else str(get_locale() or "")
        if language:
            return self._of(language)._load_template(name, globals)
        return super()._load_template(name, globals)

    def _of(self, language: str) -> "Tongues":
        found = self._spoken.get(language)
        if found is None:
            found = self.overlay()
            found.language = language
            if self.bytecode_cache is not None:
                found.bytecode_cache = _Kept(self.bytecode_cache, language)
            # Two threads may make one each: the first that is kept serves both.
            found = self._spoken.setdefault(language, found)
        found.loader = self.loader
        return found

    def _parse(self, source: str, name: str | None, filename: str | None) -> nodes.Template:
        tree = super()._parse(source, name, filename)
        return _Saying().visit(tree) if self.language else tree


class _Kept(BytecodeCache):
    """What was compiled in one language, beside the others in the same store."""

    def __init__(self, store: BytecodeCache, language: str) -> None:
        self.store = store
        self.language = language

    def get_bucket(self, environment: Any, name: str, filename: str | None, source: str) -> Bucket:
        """Return the place of a template in this language."""
        return self.store.get_bucket(environment, f"{self.language}/{name}", filename, source)

    def set_bucket(self, bucket: Bucket) -> None:
        """Keep what was compiled."""
        self.store.set_bucket(bucket)


class _Saying(NodeTransformer):
    """Puts what `_("…")` says in its place."""

    def __init__(self) -> None:
        self.words = get_domain().get_translations()

    def visit_Call(self, node: nodes.Call) -> nodes.Node:
        """Return the words of a sentence that is known now, any other call as it is."""
        self.generic_visit(node)
        if not isinstance(node.node, nodes.Name) or node.node.name not in _SAYING:
            return node
        if node.kwargs or node.dyn_args or node.dyn_kwargs or len(node.args) != 1:
            return node
        (sentence,) = node.args
        if not isinstance(sentence, nodes.Const):
            return node
        text = self.words.ugettext(sentence.value)
        return nodes.TemplateData(text % {} if "%" in text else text, lineno=node.lineno)
