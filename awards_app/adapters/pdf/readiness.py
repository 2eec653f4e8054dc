"""Whether this machine can print, and what it cannot draw."""

from functools import cache

from awards_app.adapters.pdf.press import lay_out, missing_characters, press
from awards_app.domain.papers import drawable_text
from awards_app.domain.words import N_


@cache
def pdf_available() -> str | None:
    """Return ``None`` when papers can be printed, else the reason as a French sentence."""
    try:
        press()
    except ImportError:
        return N_("Le module WeasyPrint n’est pas installé : les documents PDF ne peuvent pas être produits.")
    except OSError:
        return N_(
            "La bibliothèque Pango est introuvable : les documents PDF ne peuvent pas être produits. "
            "Sous Debian ou Ubuntu, installez le paquet libpangoft2-1.0-0."
        )
    return None


def warm() -> None:
    """Open fonts and styles now: for a worker, before it forks."""
    press()


def undrawn_characters(text: str) -> str:
    """Return the characters of ``text`` that no font of this machine draws, without repetition."""
    document = lay_out("certificates/probe.html", "certificates/diploma", text=drawable_text(text))
    document.write_pdf()
    return missing_characters(document)
