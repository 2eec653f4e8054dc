"""Lines of a chamber's table: what is taken, what is missing, what is refused and in which words."""

from dataclasses import replace
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from awards_app.adapters.tables import read_table
from awards_app.domain.candidacy_lines import LineErrors, label_of, match_key, read_line, read_lines
from awards_app.domain.column_headers import FIELD_LABELS
from awards_app.domain.column_mapping import Mapping, MappingIsInvalid, propose_mapping
from awards_app.domain.import_report import LineError
from tests.domain.import_context import CONTEXT, TERRITORY, Line

ROOT = Path(__file__).parents[2]
SAMPLES = ROOT / "tests" / "data" / "imports"
COMPLETE = {
    "structure_name": " Les  Jardins d’Œuvre ",
    "acronym": "JDO",
    "legal_form": "SCIC",
    "siret": "732 829 320 00074",
    "created_on": "12 mars 2015",
    "address": "3 rue des Lilas\nBâtiment B",
    "postcode": "35000",
    "city": "Rennes",
    "website": "www.jardins.example",
    "contact_name": "Ada Le Goff",
    "contact_email": "ada@jardins.example",
    "contact_phone": "06 12 34 56 78",
    "theme": "Transition écologique",
    "project_title": "Semer l’été",
    "pitch": "Un jardin",
    "summary": "Un jardin partagé.",
    "employees": "12",
    "volunteers": "1 200",
    "budget": "125 000,50 €",
    "narrative:need": "Le besoin",
}


def line_of(number: int = 2, context=CONTEXT, **cells: str):
    headers = tuple(cells)
    return read_line(headers, Line(number, tuple(cells.values())), Mapping({h: h for h in headers}), context)


def errors_of(**cells: str) -> list[tuple[int, str, str]]:
    with pytest.raises(LineErrors) as caught:
        line_of(**{"structure_name": "X", **cells})
    return [(error.line, error.column, error.reason) for error in caught.value.errors]


class TestOneLine:
    def test_a_full_line_gives_every_value_in_its_stored_form(self):
        headers = tuple(COMPLETE)
        mapping = Mapping({header: header for header in headers})
        line = read_line(headers, Line(7, tuple(COMPLETE.values())), mapping, CONTEXT)
        assert (line.line, line.structure_name, line.acronym) == (7, "Les Jardins d’Œuvre", "JDO")
        assert (line.legal_family, line.legal_form) == ("cooperative", "scic")
        assert (line.siren, line.siret, line.rna) == ("732829320", "73282932000074", None)
        assert (line.created_on, line.address) == (date(2015, 3, 12), "3 rue des Lilas\nBâtiment B")
        assert (line.postcode, line.city, line.department, line.region_code) == (
            "35000",
            "Rennes",
            "35",
            "53",
        )
        assert (line.website, line.contact_phone) == ("https://www.jardins.example", "+33612345678")
        assert (line.theme, line.project_title, line.summary) == ("te", "Semer l’été", "Un jardin partagé.")
        assert (line.employees, line.volunteers, line.budget) == (12, 1200, Decimal("125000.50"))
        assert (line.narratives, line.missing, line.remarks) == ({"need": "Le besoin"}, (), ())
        assert not line.is_incomplete

    def test_a_name_alone_is_taken_and_says_all_that_is_missing(self):
        line = line_of(structure_name="La Ruche")
        assert line.missing == (
            "identifier", "legal_family", "created_on", "region_code", "contact_email", "theme", "project_title", "summary",
        )  # fmt: skip
        assert line.is_incomplete

    def test_every_missing_field_has_words(self):
        assert label_of("identifier") == "Identifiant (SIREN, SIRET, RNA ou registre du tribunal)"
        assert [label_of(name) for name in CONTEXT.required[1:]] == [
            FIELD_LABELS[n] for n in CONTEXT.required[1:]
        ]

    @pytest.mark.parametrize(
        ("text", "theme"),
        [
            ("TE", "te"), ("te", "te"), ("Transition Ecologique", "te"), ("TRANSITION ÉCOLOGIQUE", "te"),
            ("Prix Transition écologique", "te"), ("2 - Utilité sociale", "us"), ("Thématique : utilité  sociale", "us"),
        ],
    )  # fmt: skip
    def test_themes_are_recognised_as_people_write_them(self, text, theme):
        assert line_of(structure_name="X", theme=text).theme == theme

    @pytest.mark.parametrize("text", ["Impact local", "Transition écologique et énergétique", "Coup de cœur"])
    def test_a_theme_of_another_year_leaves_the_file_incomplete_and_says_so(self, text):
        line = line_of(structure_name="X", theme=text)
        assert line.theme is None
        assert [str(remark) for remark in line.remarks] == [f"thématique « {text} » absente de cette édition"]

    @pytest.mark.parametrize("column", ["siren", "siret", "rna"])
    @pytest.mark.parametrize(
        ("text", "expected"),
        [
            ("732829320", ("732829320", None, None)),
            ("732.829.320.00074", ("732829320", "73282932000074", None)),
            ("w751234567", (None, None, "W751234567")),
            ("W9R1234567", (None, None, "W9R1234567")),
            ("néant", (None, None, None)),
        ],
    )
    def test_an_identifier_is_known_by_its_shape_in_any_of_its_columns(self, column, text, expected):
        line = line_of(structure_name="X", **{column: text})
        assert (line.siren, line.siret, line.rna) == expected

    @pytest.mark.parametrize(
        ("column", "text", "reason"),
        [
            ("siret", "732 829 320 00075", "Ce numéro a bien 14 chiffres, mais le dernier ne correspond pas aux autres : vérifiez la saisie. Exemple de Siret : 732 829 320 00074."),
            ("siren", "732829321", "Ce numéro a bien 9 chiffres, mais le dernier ne correspond pas aux autres : vérifiez la saisie. Exemple de Siren : 732 829 320."),
            ("rna", "W12", "Un numéro RNA commence par W et comporte 10 signes, par exemple W751234567."),
            ("siret", "1.23e13", "« 1.23e13 » n’est ni un SIREN (9 chiffres), ni un SIRET (14 chiffres), ni un numéro RNA (W et 9 signes)."),
            ("created_on", "31/02/2020", "La date « 31/02/2020 » n’existe pas."),
            ("created_on", "03/15/2015", "La date « 03/15/2015 » n’existe pas."),
            ("created_on", "hier", "« hier » n’est pas une date : écrivez-la JJ/MM/AAAA."),
            ("created_on", "12/03/15", "« 12/03/15 » n’est pas une date : écrivez-la JJ/MM/AAAA."),
            ("created_on", "2026-06-02", "La date « 2026-06-02 » est dans l’avenir, ou trop ancienne."),
            ("region_code", "Armorique", "La région « Armorique » est inconnue."),
            ("department", "99", "Le département « 99 » est inconnu."),
            ("contact_email", "pas-une-adresse", "« pas-une-adresse » n’est pas une adresse électronique."),
            ("contact_email", "a@b.fr ; c@d.fr", "« a@b.fr ; c@d.fr » n’est pas une adresse électronique."),
            ("website", "javascript:alert(1)", "« javascript:alert(1) » n’est pas l’adresse d’un site internet."),
            ("employees", "une dizaine", "Saisissez un nombre entier, par exemple 1 234."),
            ("budget", "1.234", "Saisissez un montant avec une virgule pour les centimes, par exemple 1 234,56."),
            ("postcode", "ABC", "Saisissez un code postal français de 5 chiffres, par exemple 35000, 20000 en Corse ou 97400 outre-mer."),
            ("structure_name", "  ", "Le nom de la structure manque."),
        ],
    )  # fmt: skip
    def test_a_wrong_cell_refuses_the_line_by_its_column_and_reason(self, column, text, reason):
        assert errors_of(**{column: text}) == [(2, column, reason)]

    def test_every_error_of_a_line_is_told(self):
        found = errors_of(siren="732829321", contact_email="x", region_code="Atlantide")
        assert [column for _, column, _ in found] == ["siren", "contact_email", "region_code"]

    def test_two_numbers_that_contradict_each_other_refuse_the_line(self):
        assert errors_of(siren="552100554", siret="73282932000074") == [
            (2, "siret", "« 73282932000074 » ne va pas avec l’autre numéro de la ligne, « 552100554 »."),
        ]

    @pytest.mark.parametrize(
        ("text", "day"),
        [
            ("2015-03-12", date(2015, 3, 12)), ("12/03/2015", date(2015, 3, 12)), ("1er avril 2012", date(2012, 4, 1)),
            ("2015-03-12T00:00:00", date(2015, 3, 12)), ("12.3.2015 10:30", date(2015, 3, 12)), ("01/07/1901", date(1901, 7, 1)),
        ],
    )  # fmt: skip
    def test_days_are_read_as_people_write_them(self, text, day):
        assert line_of(structure_name="X", created_on=text).created_on == day

    @pytest.mark.parametrize("text", ["2015", "mars 2015", "03/2015"])
    def test_a_day_is_never_completed(self, text):
        line = line_of(structure_name="X", created_on=text)
        assert line.created_on is None
        assert [str(remark) for remark in line.remarks] == [f"date « {text} » sans jour : non reprise"]

    @pytest.mark.parametrize(
        ("cells", "place"),
        [
            ({"region_code": "53"}, (None, "53")),
            ({"region_code": "4"}, (None, "04")),
            ({"region_code": "CRESS de Bretagne"}, (None, "53")),
            ({"region_code": "Ile de France"}, (None, "11")),
            ({"region_code": "PACA"}, (None, "93")),
            ({"region_code": "Réunion"}, (None, "04")),
            ({"department": "Cotes d'Armor"}, ("22", "53")),
            ({"department": "44 - Loire-Atlantique"}, ("44", "52")),
            ({"department": "Loire-Atlantique (44)"}, ("44", "52")),
            ({"department": "2a"}, ("2A", "94")),
            ({"department": "6"}, ("06", "93")),
            ({"department": "974"}, ("974", "04")),
            ({"postcode": "20090"}, ("2A", "94")),
            ({"postcode": "20200"}, ("2B", "94")),
            ({"postcode": "97600"}, ("976", "06")),
            ({"postcode": "97150"}, (None, None)),
            ({"postcode": "6000"}, ("06", "93")),
            ({"postcode": "35000", "department": "22"}, ("22", "53")),
        ],
    )
    def test_region_and_department_from_what_is_written(self, cells, place):
        line = line_of(structure_name="X", **cells)
        assert (line.department, line.region_code) == place

    def test_a_written_region_wins_over_the_department_and_says_so(self):
        line = line_of(structure_name="X", region_code="Bretagne", department="44")
        assert (line.department, line.region_code) == ("44", "53")
        assert [str(remark) for remark in line.remarks] == [
            "région « Bretagne » retenue, alors que le département est en « Pays de la Loire »"
        ]

    @pytest.mark.parametrize(
        ("text", "family"),
        [
            ("association", "association"), ("Association loi 1901", "association"), ("SCOP SAS", "cooperative"),
            ("Fonds de dotation", "endowment_fund"), ("Fondation d’entreprise", "foundation"), ("unknown", None),
            ("SARL agréée ESUS", "commercial"), ("Collectif informel", None),
        ],
    )  # fmt: skip
    def test_families_are_recognised_and_never_guessed(self, text, family):
        assert line_of(structure_name="X", legal_family=text).legal_family == family

    def test_an_answer_to_a_question_of_another_edition_is_told(self):
        line = line_of(structure_name="X", **{"narrative:outlook": "Demain", "narrative:need": " Ici "})
        assert line.narratives == {"need": "Ici"}
        assert [str(remark) for remark in line.remarks] == [
            "La question « outlook » n’existe pas dans cette édition : sa réponse n’est pas reprise."
        ]


class TestMatching:
    @pytest.mark.parametrize(
        ("cells", "key"),
        [
            ({"siret": "73282932000074", "rna": "W751234567"}, ("siren", "732829320")),
            ({"rna": "W751234567"}, ("rna", "W751234567")),
            ({"department": "22"}, ("name", "l atelier", "22")),
            ({"region_code": "53"}, ("name", "l atelier", "53")),
            ({}, ("name", "l atelier", "")),
        ],
    )
    def test_a_structure_is_recognised_by_number_else_by_name_and_place(self, cells, key):
        assert match_key(line_of(structure_name="L’Atelier", **cells)) == key


class TestTable:
    HEADERS = ("Nom", "SIRET", "Thème")
    MAPPING = Mapping({"Nom": "structure_name", "SIRET": "siret", "Thème": "theme"})

    def read(self, *rows: tuple[str, ...]):
        lines = [Line(number, cells) for number, cells in enumerate(rows, start=2)]
        return read_lines(self.HEADERS, lines, self.MAPPING, CONTEXT)

    def test_a_refused_line_leaves_the_others_and_the_counts_add_up(self):
        read = self.read(("A", "", "TE"), ("", "732829320", "US"), ("C", "1", "Autre"))
        assert [line.structure_name for line in read.lines] == ["A"]
        assert read.report.as_json() == {
            "read": 3,
            "taken": 1,
            "incomplete": 1,
            "refused": [
                {"line": 3, "column": "Nom", "reason": "Le nom de la structure manque."},
                {
                    "line": 4,
                    "column": "SIRET",
                    "reason": "« 1 » n’est ni un SIREN (9 chiffres), ni un SIRET (14 chiffres), ni un numéro RNA (W et 9 signes).",
                },
            ],
        }

    def test_the_same_structure_in_the_same_theme_is_refused_the_second_time(self):
        read = self.read(
            ("A", "73282932000074", "TE"),
            ("B", "732829320", "te"),
            ("A", "73282932000074", "US"),
            ("Été", "", ""),
            ("ETE", "", ""),
        )
        assert [line.line for line in read.lines] == [2, 4, 5]
        assert [(e.line, e.column, e.reason) for e in read.report.refused] == [
            (3, "SIRET", "Cette structure est déjà à la ligne 2, dans la même thématique."),
            (6, "Nom", "Cette structure est déjà à la ligne 5."),
        ]

    def test_a_line_refused_late_is_no_longer_taken(self):
        report = self.read(("A", "", "TE"), ("B", "", "TE")).report
        report.refuse([LineError(3, "Nom", "Déposée par « %(name)s ».", {"name": "B"})])
        assert report.as_json() == {
            "read": 2,
            "taken": 1,
            "incomplete": 1,
            "refused": [{"line": 3, "column": "Nom", "reason": "Déposée par « B »."}],
        }

    def test_a_line_that_slipped_sideways_is_refused_whole(self):
        read = read_lines(self.HEADERS, [Line(2, ("A", "b", "c"), ("d", ""))], self.MAPPING, CONTEXT)
        assert [(e.line, e.column, e.reason) for e in read.report.refused] == [
            (2, "", "La ligne compte 5 cellules pour 3 colonnes : un séparateur n’est pas entre guillemets."),
        ]

    def test_a_table_without_names_is_refused_before_any_line(self):
        with pytest.raises(MappingIsInvalid):
            read_lines(("SIRET",), [Line(2, ("x",))], Mapping({"SIRET": "siret"}), CONTEXT)

    def test_the_chamber_s_file_is_read_with_the_mapping_proposed(self):
        table = read_table(SAMPLES / "chambre-windows-1252.csv")
        read = read_lines(table.headers, table.rows, propose_mapping(table.headers).mapping, CONTEXT)
        assert [(line.line, line.structure_name, line.theme, line.region_code) for line in read.lines] == [
            (2, "Les Jardins d’Œuvre", "te", "53"),
            (5, "L’Atelier de l’Île", "us", "04"),
        ]
        assert [line.missing for line in read.lines] == [
            ("legal_family",),
            ("identifier", "legal_family", "contact_email"),
        ]
        assert [(error.line, error.column) for error in read.report.refused] == [
            (6, "N° SIRET"), (6, "Courriel"), (6, "Date de création"),
        ]  # fmt: skip

    @settings(max_examples=200, deadline=None)
    @given(
        st.lists(st.tuples(*[st.text(max_size=12)] * 4), max_size=5),
        st.lists(st.sampled_from(sorted(FIELD_LABELS)), min_size=3, max_size=3, unique=True),
    )
    def test_any_text_is_taken_or_refused_and_every_line_is_counted(self, body, names):
        names = ["structure_name", *(name for name in names if name != "structure_name")]
        rows = [Line(number, cells[: len(names)]) for number, cells in enumerate(body, start=2)]
        read = read_lines(
            tuple(names), rows, Mapping({name: name for name in names}), replace(CONTEXT, territory=TERRITORY)
        )
        refused = {error.line for error in read.report.refused}
        assert {line.line for line in read.lines} | refused == {row.line for row in rows}
        assert {line.line for line in read.lines} & refused == set()
        assert read.report.read == len(rows)
