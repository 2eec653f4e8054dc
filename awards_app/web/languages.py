"""French first, English second: which language a page speaks, and instants in words."""

from datetime import datetime, timedelta
from functools import lru_cache
from typing import Any
from zoneinfo import ZoneInfo

from babel import Locale
from babel.dates import format_date, format_datetime
from flask import Flask, g, has_request_context, request, session
from flask_babel import Babel, Domain, get_domain, get_locale
from jinja2 import pass_eval_context
from jinja2.nodes import EvalContext
from markupsafe import Markup

LANGUAGES = ("fr", "en")
# Read once: Babel would take each request's language to pieces again.
_LOCALES = {code: Locale(code) for code in LANGUAGES}
PARIS = "Europe/Paris"


def chosen_language() -> str:
    """Return the language of this request: the one chosen, else French (people first) or what the browser prefers."""
    if not has_request_context():
        return "fr"
    chosen = session.get("locale")
    if chosen in LANGUAGES:
        return str(chosen)
    return request.accept_languages.best_match(LANGUAGES, default="fr") or "fr"


def _chosen_locale() -> Locale:
    return _LOCALES[chosen_language()]


def instant_in_words(at: datetime, zone: str = PARIS) -> str:
    """Return « jeudi 12 septembre 2027 à 18h00 (heure de Paris) » in the page's language and the given zone."""
    return _instant_in_words(at, zone, is_english=str(get_locale() or "fr").startswith("en"))


@lru_cache(maxsize=2048)
def _instant_in_words(at: datetime, zone: str, *, is_english: bool) -> str:
    local = at.astimezone(ZoneInfo(zone))
    if is_english:
        words = format_datetime(local, "EEEE d MMMM y 'at' HH:mm", locale="en_GB")
    else:
        day = _french_day(local)
        words = format_datetime(local, f"EEEE '{day}' MMMM y 'à' HH'\u00a0h\u00a0'mm", locale="fr")
    return f"{words} ({_zone_in_words(local, zone, is_english=is_english)})"


def _zone_in_words(local: datetime, zone: str, *, is_english: bool) -> str:
    """Return « heure de Paris », « heure de La Réunion »: the usual name of France's own time says no city."""
    if zone == PARIS:
        return "Paris time" if is_english else "heure de Paris"
    if is_english:
        return format_datetime(local, "VVVV", locale="en_GB")
    # « Heure : La Réunion » in the tables; spoken, « heure de La Réunion ».
    name = format_datetime(local, "VVVV", locale="fr").rpartition(":")[2].strip()
    return f"heure de {name.removesuffix(' française')}"


def closing_in_words(closes_at: datetime, zone: str = PARIS) -> str:
    """Return a deadline in words: the minute it shows is the last one open (« 23 h 59 »)."""
    return instant_in_words(closes_at - timedelta(microseconds=1), zone)


def day_in_words(at: datetime, zone: str = PARIS) -> str:
    """Return « 12 septembre 2027 » in the page's language."""
    local = at.astimezone(ZoneInfo(zone))
    if str(get_locale() or "fr").startswith("en"):
        return format_date(local.date(), "long", locale="en_GB")
    return format_datetime(local, f"'{_french_day(local)}' MMMM y", locale="fr")


def _french_day(local: datetime) -> str:
    """Return the day of the month as French says it: « 1er », then « 2 »."""
    return "1er" if local.day == 1 else str(local.day)


def time_in_words(at: datetime, zone: str = PARIS) -> str:
    """Return « 14 h 02 »."""
    local = at.astimezone(ZoneInfo(zone))
    return f"{local.hour}\u00a0h\u00a0{local.minute:02d}"


class Catalogue(Domain):
    """Flask-Babel's domain, that looks for the words of a language once a request rather than at each sentence."""

    def get_translations(self) -> Any:
        """Return the words of the language spoken now."""
        words = _words_at_hand()
        if words is None:
            words = super().get_translations()
            if g:
                g._flask_babel.catalogue = (get_locale(), words)
        return words


def _words_at_hand() -> Any:
    """Return the words kept for the request and its language, None when there are none or no request."""
    try:
        kept = g._flask_babel
        locale, words = kept.catalogue
        return words if locale is kept.babel_locale else None
    except (AttributeError, RuntimeError):
        return None


@pass_eval_context
def say(context: EvalContext, sentence: str, **variables: Any) -> str:
    """Return a sentence of a template in the page's language, with its variables escaped where the template escapes.

    A page says a hundred of them: the catalogue is looked for once a request, not once a sentence.
    """
    text = _spoken(_words_at_hand() or get_domain().get_translations(), sentence)
    if not context.autoescape:
        return str(text) % variables
    return text % variables if variables or "%" in text else text


@lru_cache(maxsize=8192)
def _spoken(words: Any, sentence: str) -> Markup:
    """Return a sentence of the templates in the language of ``words``, ready for a page."""
    return Markup(words.ugettext(sentence))


def attach(app: Flask) -> None:
    """Attach the languages to ``app``."""
    app.config.setdefault("BABEL_DEFAULT_LOCALE", "fr")
    app.config.setdefault("BABEL_TRANSLATION_DIRECTORIES", "translations")
    Babel(app, locale_selector=_chosen_locale).domain_instance = Catalogue()
    app.jinja_env.globals.update({"_": say, "gettext": say})
