"""Names of the legal categories of Insee that structures of the ESS bear: a hint, beside what people say of themselves."""

from awards_app.domain.words import N_

# Codes of the « catégories juridiques » of Insee met among structures of the ESS. A Scic has none, and a Scop run as a SAS
# bears that of any SAS: a code is a hint.
FORM_LABELS = {
    "5410": N_("SARL nationale"),
    "5451": N_("SARL coopérative de consommation"),
    "5453": N_("SARL coopérative artisanale"),
    "5458": N_("SARL coopérative de production (Scop)"),
    "5460": N_("autre SARL coopérative"),
    "5499": N_("société à responsabilité limitée"),
    "5552": N_("SA coopérative de consommation"),
    "5558": N_("SA coopérative de production (Scop)"),
    "5560": N_("autre SA coopérative"),
    "5599": N_("société anonyme"),
    "5710": N_("société par actions simplifiée"),
    "5720": N_("société par actions simplifiée à associé unique"),
    "6316": N_("coopérative d’utilisation de matériel agricole en commun (Cuma)"),
    "6317": N_("société coopérative agricole"),
    "6318": N_("union de sociétés coopératives agricoles"),
    "6411": N_("société d’assurance à forme mutuelle"),
    "8210": N_("mutuelle"),
    "9210": N_("association non déclarée"),
    "9220": N_("association déclarée"),
    "9221": N_("association déclarée d’insertion par l’économique"),
    "9222": N_("association intermédiaire"),
    "9223": N_("groupement d’employeurs"),
    "9230": N_("association déclarée, reconnue d’utilité publique"),
    "9260": N_("association de droit local (Bas-Rhin, Haut-Rhin et Moselle)"),
    "9300": N_("fondation"),
}
# Codes that any company may bear, an ESS one as well.
PLAIN_COMPANY = frozenset({"5410", "5499", "5599", "5710", "5720"})


def category_label(code: str) -> str:
    """Return the marked sentence that names a legal category of Insee, blank for one that we do not name."""
    return FORM_LABELS.get(code, "")
