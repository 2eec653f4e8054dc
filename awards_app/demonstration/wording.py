"""Small French: places after « à » and « de », numbers, lists."""

import re
import unicodedata

VOWELS = "aeiouyh"
# Names whose h forbids the elision.
ASPIRATED = ("haguenau", "ham", "hazebrouck", "houilles", "hautmont", "hem", "herblay")
ARTICLES = {"Le ": ("du ", "au "), "Les ": ("des ", "aux ")}
THIN_SPACE = "\u202f"


def of_place(city: str) -> str:
    """« d’Angers », « du Havre », « de Lille »."""
    for article, (of_form, _at_form) in ARTICLES.items():
        if city.startswith(article):
            return of_form + city.removeprefix(article)
    plain = unmarked(city)
    elided = plain[0] in VOWELS and not plain.startswith(ASPIRATED) and not plain.startswith("y")
    return f"d’{city}" if elided else f"de {city}"


def at_place(city: str) -> str:
    """« à Angers », « au Havre », « aux Abymes »."""
    for article, (_of_form, at_form) in ARTICLES.items():
        if city.startswith(article):
            return at_form + city.removeprefix(article)
    return f"à {city}"


def number(value: int) -> str:
    """An integer with a narrow space every three digits."""
    return f"{value:,}".replace(",", THIN_SPACE)


def listed(parts: list[str]) -> str:
    """« a, b et c »."""
    return parts[0] if len(parts) == 1 else ", ".join(parts[:-1]) + " et " + parts[-1]


def filled(sentence: str, slots: dict[str, str]) -> str:
    """The sentence with its slots filled; « à {city} » takes the form the city asks for."""
    sentence = sentence.replace("à {city}", "{at_city}").replace("À {city}", "{At_city}")
    text = sentence.format_map(slots)
    # A slot may open a sentence with a small article.
    return text[:1].upper() + text[1:]


def shortened(text: str, limit: int) -> str:
    """The text, cut at a word and ended by « … » when it is longer than `limit` signs."""
    return text if len(text) <= limit else text[: limit - 1].rsplit(" ", 1)[0] + "…"


def unmarked(text: str) -> str:
    """Lower case without accents, for comparing and for addresses."""
    decomposed = unicodedata.normalize("NFKD", text.casefold().replace("œ", "oe").replace("æ", "ae"))
    return "".join(sign for sign in decomposed if not unicodedata.combining(sign))


def slug(text: str) -> str:
    """ASCII letters, digits and hyphens."""
    return re.sub(r"[^a-z0-9]+", "-", unmarked(text)).strip("-")
