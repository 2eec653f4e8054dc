"""How each region is written in a sentence; a test holds it equal to the preset."""

LOCATED = {
    "84": "en Auvergne-Rhône-Alpes",
    "27": "en Bourgogne-Franche-Comté",
    "53": "en Bretagne",
    "24": "en Centre-Val de Loire",
    "94": "en Corse",
    "44": "dans le Grand Est",
    "01": "en Guadeloupe",
    "03": "en Guyane",
    "32": "dans les Hauts-de-France",
    "11": "en Île-de-France",
    "04": "à La Réunion",
    "02": "en Martinique",
    "06": "à Mayotte",
    "28": "en Normandie",
    "75": "en Nouvelle-Aquitaine",
    "76": "en Occitanie",
    "52": "dans les Pays de la Loire",
    "93": "en Provence-Alpes-Côte d’Azur",
}
