"""What the columns of a table of candidacies are called in life: our fields and the headers they go under."""

import re

# Field, the label a person reads, and the headers it goes under, separated by commas. The words are compared without
# accents, case, order or small words, so « Quel est le nom de votre structure ? * » is « nom structure ».
FIELDS: tuple[tuple[str, str, str], ...] = (
    (
        "structure_name",
        "Nom de la structure",
        "nom structure, structure, nom, raison sociale, organisme, nom organisme, denomination, "
        "denomination sociale, nom association, nom entreprise, nom organisation, organisation, "
        "association, structure porteuse, structure candidate, nom structure candidate, nom structure "
        "porteuse, porteur projet, nom candidat, candidat, entreprise, etablissement, nom etablissement, "
        "nom complet structure",
    ),
    (
        "acronym",
        "Sigle",
        "sigle, acronyme, sigle structure, nom abrege, abreviation",
    ),
    (
        "legal_family",
        "Famille juridique",
        "famille juridique, famille, famille ess, type structure, categorie structure, categorie juridique, "
        "nature structure",
    ),
    (
        "legal_form",
        "Forme juridique",
        "forme juridique, statut juridique, statut, forme juridique structure, forme legale",
    ),
    (
        "siren",
        "SIREN",
        "siren, numero siren, code siren",
    ),
    (
        "siret",
        "SIRET",
        "siret, numero siret, siret siege, numero siret siege, siret structure, code siret, siren siret, "
        "siret rna, identifiant, numero identification",
    ),
    (
        "rna",
        "Numéro RNA",
        "rna, numero rna, numero waldec, waldec, numero association, numero rna association",
    ),
    (
        "court_register",
        "Numéro au registre du tribunal",
        "registre tribunal, numero registre tribunal, registre associations, volume folio, registre "
        "tribunal judiciaire",
    ),
    (
        "created_on",
        "Date de création",
        "date creation, date creation structure, creation, date creation association, creee, date "
        "immatriculation, date declaration, date parution jo, date constitution, date fondation, quand "
        "structure creee",
    ),
    (
        "address",
        "Adresse",
        "adresse, adresse siege, adresse postale, adresse siege social, siege social, rue, voie, adresse "
        "structure",
    ),
    (
        "postcode",
        "Code postal",
        "code postal, cp, code postal siege, code postal siege social, code postal structure",
    ),
    (
        "city",
        "Commune",
        "commune, ville, ville siege, commune siege, commune siege social, ville siege social, localite",
    ),
    (
        "department",
        "Département",
        "departement, departement siege, departement siege social, numero departement, code departement, "
        "nom departement, departement structure, dept, dpt",
    ),
    (
        "region_code",
        "Région",
        "region, region siege, region siege social, code region, nom region, region structure, cress, cress "
        "region",
    ),
    (
        "website",
        "Site internet",
        "site internet, site web, site, url, url site, lien site, adresse site, adresse site internet, page "
        "web, lien site internet",
    ),
    (
        "contact_name",
        "Nom de la personne à contacter",
        "nom contact, contact, nom prenom contact, prenom nom contact, nom prenom, prenom nom, personne "
        "contact, personne contacter, nom personne contact, nom personne contacter, interlocuteur, "
        "referent, nom prenom referent, responsable dossier, personne chargee dossier, nom referent, nom "
        "interlocuteur",
    ),
    (
        "contact_email",
        "Courriel de la personne à contacter",
        "courriel, email, mail, adresse courriel, adresse mail, adresse email, adresse electronique, mel, "
        "courriel contact, email contact, mail contact, adresse courriel contact, adresse mail contact, "
        "adresse mail personne contacter, adresse email personne contacter, adresse electronique personne "
        "contacter, courriel personne contacter, email personne contacter, mail personne contacter, adresse "
        "email contact, adresse mail referent, courriel referent, email referent, adresse electronique "
        "contact, courriel structure, email structure, adresse mail structure, adresse electronique "
        "personne suit dossier",
    ),
    (
        "contact_phone",
        "Téléphone de la personne à contacter",
        "telephone, tel, numero telephone, telephone contact, portable, mobile, numero portable, telephone "
        "portable",
    ),
    (
        "theme",
        "Thématique",
        "theme, thematique, categorie, categorie prix, prix, theme prix, thematique prix, prix vise, theme "
        "choisi, categorie choisie, thematique choisie, thematique candidature, theme candidature, prix "
        "concerne, theme concourez, categorie concourez, thematique concourez, categorie candidature",
    ),
    (
        "project_title",
        "Titre du projet",
        "titre projet, intitule projet, nom projet, projet, titre, intitule, titre initiative, nom "
        "initiative, intitule initiative, nom action, titre action, intitule action, titre candidature, "
        "initiative",
    ),
    (
        "pitch",
        "Présentation en une phrase",
        "pitch, accroche, presentation une phrase, projet une phrase, resume une phrase, slogan, phrase "
        "accroche",
    ),
    (
        "summary",
        "Résumé pour publication",
        "resume, resume projet, resume pour publication, resume publication, description projet, "
        "presentation projet, description, synthese, presentation, descriptif, descriptif projet, resume "
        "initiative, description initiative, presentation initiative, resume action, description action, "
        "synthese projet",
    ),
    (
        "employees",
        "Nombre de personnes salariées",
        "salaries, nombre salaries, salariees, effectif salarie, effectif, effectifs, personnes salariees, "
        "nombre personnes salariees, salarie e s, nombre salarie e s, salarie es, nombre salarie es",
    ),
    (
        "volunteers",
        "Nombre de bénévoles",
        "benevoles, nombre benevoles, benevoles actifs, nombre benevoles actifs, volontaires",
    ),
    (
        "budget",
        "Budget annuel",
        "budget, budget annuel, budget structure, budget annuel structure, budget total, chiffre affaires, "
        "produits annuels, montant budget",
    ),
)

FIELD_LABELS: dict[str, str] = {field: label for field, label, _ in FIELDS}
NARRATIVE_PREFIX = "narrative:"

# The columns of the file of past honours, which also serves as a list of candidates.
HONOURS_COLUMNS: dict[str, str | None] = {
    "edition_year": None,
    "level": None,
    "distinction": None,
    "theme": "theme",
    "region_code": "region_code",
    "organisation": "structure_name",
    "legal_family": "legal_family",
    "city": "city",
    "department": "department",
    "project_title": "project_title",
    "summary": "summary",
    "amount_eur": None,
    "source_url": None,
}

SMALL_WORDS = frozenset(
    re.findall(
        r"\w+",
        "a afin ainsi annee au aux avec avez avoir c ce cela ces cette choisir choisissez ci d dans de "
        "des dont du elle en est et etes etre eur euro euros eventuel eventuelle eventuellement "
        "facultatif facultative il indiquer indiquez l la laquelle le lequel les leur ma mentionner merci "
        "mes mon n ne nos notre nous obligatoire on ou par plait pour pouvez preciser precisez qu que "
        "quel quelle quelles quels qui renseigner renseignez reponse s sa saisir saisissez se "
        "selectionner selectionnez ses si soit son sont sur t un une veuillez vos votre vous",
    )
)
# Spellings of one and the same word.
SAME_WORDS = {
    "no": "numero",
    "num": "numero",
    "nr": "numero",
    "numeros": "numero",
    "themes": "theme",
    "thematiques": "thematique",
    "e": "",
    "mails": "mail",
    "structures": "structure",
    "projets": "projet",
    "regions": "region",
    "departements": "departement",
    "nb": "nombre",
    "nbre": "nombre",
    "combien": "nombre",
    "ccreation": "creation",
}
# Words that name their field whatever surrounds them; no other field uses them.
TELLING_WORDS = frozenset(
    {
        "acronyme",
        "benevoles",
        "courriel",
        "email",
        "pitch",
        "rna",
        "sigle",
        "siren",
        "siret",
        "telephone",
        "thematique",
        "waldec",
    }
)
# Words that are the answer only if no other column says it better: « Nom » beside « Nom de la structure » is a person's.
WEAK_WORDS = frozenset(
    re.findall(
        r"\w+",
        "association candidat contact creation description entreprise etablissement nom organisation presentation prix projet "
        "site statut structure titre",
    )
)
# A question answered by yes or no holds none of our fields, whatever its words.
YES_OR_NO = re.compile(
    r"^(?:etes|avez|acceptez|souhaitez|j'accepte|je )|\b(?:est|a|sont|ont)[- ]t?-?(?:elle|il|ce|elles|ils)\b(?! l)"
)
