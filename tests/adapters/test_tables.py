"""Tables from outside, in the encodings and shapes of life."""

import io
import re
import zipfile
from datetime import date, datetime
from pathlib import Path

import openpyxl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from awards_app.adapters import tables
from awards_app.adapters.tables import Row, TableIsUnreadable, read_table, table_from_bytes

SAMPLES = Path(__file__).parents[1] / "data" / "imports"


def refusal_of(content: bytes) -> str:
    with pytest.raises(TableIsUnreadable) as caught:
        table_from_bytes(content)
    return str(caught.value)


def workbook_bytes(fill) -> bytes:
    workbook = openpyxl.Workbook()
    fill(workbook)
    target = io.BytesIO()
    workbook.save(target)
    return target.getvalue()


class TestText:
    def test_windows_1252_with_semicolons_and_a_line_break_in_quotes(self):
        table = read_table(SAMPLES / "chambre-windows-1252.csv")
        assert (table.encoding, table.delimiter, table.kind) == ("cp1252", ";", "csv")
        assert table.headers == (
            "Nom de la structure *", "Thématique choisie", "Région", "Code postal", "N° SIRET", "Titre du projet",
            "Courriel", "Date de création", "Résumé",
        )  # fmt: skip
        assert [row.line for row in table.rows] == [2, 5, 6]
        assert table.blank_lines == 1
        assert table.rows[0].cells == (
            "Les Jardins d’Œuvre", "Transition écologique", "Bretagne", "35000", "732 829 320 00074",
            "« Semer » l’été", "contact@jardins.example", "12/03/2015", "Ligne un\nligne deux ; suite",
        )  # fmt: skip

    def test_utf_16_with_tabs(self):
        table = read_table(SAMPLES / "tableur-utf-16.csv")
        assert (table.encoding, table.delimiter) == ("utf-16", "\t")
        assert table.rows == (
            Row(2, ("À l’œuvre", "Côtes-d'Armor", "US")),
            Row(3, ("Étincelle", "2A", "Prix Transition Écologique")),
        )

    def test_utf_8_with_a_mark_and_doubled_quotes(self):
        table = read_table(SAMPLES / "formulaire-utf-8-bom.csv")
        assert (table.encoding, table.delimiter, table.headers[0]) == ("utf-8-sig", ",", "Horodateur")
        assert table.rows[0].cells[1] == 'La "Ruche", coopérative'

    @pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252", "mac_roman", "cp850"])
    @pytest.mark.parametrize("delimiter", [";", ",", "\t"])
    @pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
    def test_every_encoding_delimiter_and_end_of_line(self, encoding, delimiter, end):
        lines = (
            ("Nom", "Thème", "Résumé"),
            ("Égalité à Nîmes", "Où ça ?", "très été, forêt"),
            ("Çà et là", "b", "c"),
        )
        text = end.join(delimiter.join(f'"{cell}"' for cell in line) for line in lines) + end
        table = table_from_bytes(text.encode(encoding))
        assert (table.headers, *(row.cells for row in table.rows)) == lines
        assert (table.encoding, table.delimiter) == (encoding, delimiter)

    def test_one_capital_letter_is_enough_for_windows_1252(self):
        assert table_from_bytes("nom;ville\nÉcole;Lyon\n".encode("cp1252")).rows[0].cells == ("École", "Lyon")

    def test_two_encodings_in_one_file_are_refused_with_the_line(self):
        content = "nom;ville\nÉté;Lyon\n".encode() + "Forêt;Nîmes\n".encode("cp1252")
        assert refusal_of(content) == (
            "Ce fichier mélange deux encodages (ligne 3) : ouvrez-le dans un tableur et enregistrez-le en « CSV UTF-8 »."
        )

    def test_short_rows_are_filled_and_long_ones_told(self):
        table = table_from_bytes(b"a;b;c\n1;2\n1;2;3;4;;5;\n1;2;3;;\n")
        assert table.rows == (
            Row(2, ("1", "2", ""), short_by=1),
            Row(3, ("1", "2", "3"), surplus=("4", "", "5")),
            Row(4, ("1", "2", "3")),
        )

    def test_headers_are_unique_and_never_blank(self):
        table = table_from_bytes(b"mail;;mail;;\nx;y;z;;\n")
        assert table.headers == ("mail", "Colonne 2", "mail (2)")

    def test_the_separator_announced_by_a_spreadsheet_is_followed(self):
        table = table_from_bytes(b"sep=|\na|b;c\n1|2;3\n")
        assert (table.delimiter, table.headers, table.rows) == ("|", ("a", "b;c"), (Row(3, ("1", "2;3")),))

    def test_commas_in_the_text_do_not_hide_the_semicolons(self):
        content = "Nom, prénom, fonction;Courriel\nA, b, c;x\nD;y\nE, f;z\n".encode()
        assert table_from_bytes(content).headers == ("Nom, prénom, fonction", "Courriel")

    def test_an_unclosed_quotation_mark_is_refused_with_its_line(self):
        assert refusal_of(b'a;b\n1;2\n3;"4\n5;6\n') == (
            'La ligne 3 ouvre un guillemet (") qui n’est jamais refermé : corrigez-la, puis recommencez.'
        )

    def test_a_cell_without_end_and_a_table_without_end_are_refused(self):
        assert (
            refusal_of(b"a;b\n1;" + b"x" * 200_000)
            == "La ligne 2 porte une cellule trop longue pour être une réponse."
        )
        too_many = "Ce tableau compte plus de 20000 lignes, le plus qui soit lu à la fois."
        assert refusal_of(b"a;b\n" * 20_002) == too_many
        assert len(table_from_bytes(b"a;b\n" * 20_001).rows) == 20_000

    def test_a_stray_quotation_mark_inside_a_cell_is_text(self):
        assert table_from_bytes(b'a;b\n1;say "x" now\n').rows == (Row(2, ("1", 'say "x" now')),)

    def test_a_title_above_the_headers_is_passed_over(self):
        table = table_from_bytes(b"Export;;\n;;\na;b;c\n1;2;3\n")
        assert (table.headers, table.header_line, table.rows) == (
            ("a", "b", "c"),
            3,
            (Row(4, ("1", "2", "3")),),
        )

    @pytest.mark.parametrize(
        ("content", "sentence"),
        [
            (b"", "Ce fichier ne contient aucune ligne."),
            (b" ;; \n\n", "Ce fichier ne contient aucune ligne."),
            (b"%PDF-1.7 ...", "Ce fichier est un PDF : envoyez le tableau en CSV ou en XLSX."),
            (b"a;b\n\x00;1\n", "Ce fichier n’est pas du texte : enregistrez le tableau en CSV ou en XLSX."),
            (b"\xff\xfea", "Ce fichier est abîmé : son encodage annoncé n’est pas le sien."),
        ],
    )
    def test_what_is_not_a_table_is_refused_in_words(self, content, sentence):
        assert refusal_of(content) == sentence

    def test_a_missing_file_and_a_folder_are_refused_in_words(self, tmp_path):
        for path, sentence in (
            (tmp_path / "rien.csv", "Le fichier « rien.csv » n’existe pas."),
            (tmp_path, f"Le fichier « {tmp_path.name} » ne peut pas être ouvert."),
        ):
            with pytest.raises(TableIsUnreadable) as caught:
                read_table(path)
            assert str(caught.value) == sentence

    def test_more_than_fifty_mebibytes_is_not_even_opened(self, tmp_path):
        path = tmp_path / "gros.csv"
        with path.open("wb") as target:
            target.truncate(tables.MAX_BYTES + 1)
        with pytest.raises(TableIsUnreadable) as caught:
            read_table(path)
        assert str(caught.value) == "Ce fichier dépasse 50 Mio : découpez-le, ou retirez-en les images."

    @settings(max_examples=300, deadline=None)
    @given(
        st.one_of(
            st.binary(max_size=300),
            st.binary(max_size=200).map(lambda tail: b"PK\x03\x04" + tail),
            st.text(alphabet='aé;,\t"\n\r\v\x1f|=\ufeff', max_size=200).map(lambda text: text.encode()),
            st.text(alphabet='aé;,\t"\n’œ', max_size=200).map(lambda text: text.encode("cp1252")),
        )
    )
    def test_any_bytes_are_a_table_or_a_sentence(self, content):
        try:
            table = table_from_bytes(content)
        except TableIsUnreadable:
            return
        assert len(set(table.headers)) == len(table.headers) > 0
        assert {len(row.cells) for row in table.rows} <= {len(table.headers)}
        assert [row.line for row in table.rows] == sorted({row.line for row in table.rows})

    @settings(max_examples=150, deadline=None)
    @given(
        st.lists(st.tuples(*[st.text(alphabet='aéœ’;,"\n ', max_size=8)] * 3), max_size=6),
        st.sampled_from([";", ","]),
    )
    def test_what_a_spreadsheet_writes_is_read_back(self, body, delimiter):
        def quoted(cell: str) -> str:
            return '"' + cell.replace('"', '""') + '"'

        lines = [("Nom", "Thème", "Résumé"), *body]
        text = "".join(delimiter.join(map(quoted, line)) + "\r\n" for line in lines)
        table = table_from_bytes(text.encode())
        assert [row.cells for row in table.rows] == [
            line for line in body if any(cell.strip() for cell in line)
        ]


class TestWorkbook:
    def test_values_come_back_as_their_owner_typed_them(self):
        def fill(workbook):
            sheet = workbook.active
            sheet.append(["SIRET", "Créée le", "Budget", "Code", "Actif", "Note", "Vu", "Erreur"])
            sheet.append(
                [
                    12345678900012,
                    date(2015, 3, 12),
                    12500.5,
                    1,
                    True,
                    "a\nb",
                    datetime.fromisoformat("2026-05-01T10:30"),
                    "#N/A",
                ]
            )
            sheet.append(
                [73282932000074.0, datetime.fromisoformat("2015-03-12"), 1e15, 35000, False, None, None, None]
            )
            sheet["D2"].number_format = "00000"

        table = table_from_bytes(workbook_bytes(fill))
        assert table.kind == "xlsx"
        assert [row.cells for row in table.rows] == [
            ("12345678900012", "2015-03-12", "12500.5", "00001", "oui", "a\nb", "2026-05-01T10:30:00", ""),
            ("73282932000074", "2015-03-12", "1000000000000000", "35000", "non", "", "", ""),
        ]

    def test_hidden_and_empty_sheets_are_passed_over_and_lines_keep_their_number(self):
        def fill(workbook):
            workbook.active.append(["secret", "x", "y"])
            workbook.active.sheet_state = "hidden"
            workbook.create_sheet("vide")
            sheet = workbook.create_sheet("réponses")
            sheet["A1"] = "Réponses 2026"
            sheet.merge_cells("A1:C1")
            for position, cell in enumerate(("Nom", "Thème", "Résumé"), start=1):
                sheet.cell(3, position, cell)
            sheet["A6"], sheet["C6"], sheet["E6"] = "La Ruche", "Miel", "vu avec la chambre"

        table = table_from_bytes(workbook_bytes(fill))
        assert (table.headers, table.header_line) == (("Nom", "Thème", "Résumé", "Colonne 4", "Colonne 5"), 3)
        assert table.rows == (Row(6, ("La Ruche", "", "Miel", "", "vu avec la chambre")),)

    def test_a_formula_gives_the_value_last_computed_or_a_blank(self):
        content = workbook_bytes(
            lambda workbook: [workbook.active.append(r) for r in (["a", "b"], ["x", "=1+1"])]
        )
        assert table_from_bytes(content).rows == (Row(2, ("x", "")),)
        assert table_from_bytes(_with_cached_value(content, b"42")).rows == (Row(2, ("x", "42")),)

    def test_a_workbook_that_unpacks_beyond_reason_is_refused(self, monkeypatch):
        content = workbook_bytes(lambda workbook: workbook.active.append(["a" * 30_000]))
        monkeypatch.setattr("awards_app.adapters.table_workbook.MAX_UNPACKED_BYTES", 20_000)
        assert (
            refusal_of(content) == "Ce classeur est trop volumineux une fois décompressé : il n’est pas lu."
        )

    def test_locked_old_and_foreign_kinds_are_named(self):
        old = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600
        assert refusal_of(old) == "Ce fichier est à l’ancien format XLS : enregistrez-le en XLSX ou en CSV."
        assert refusal_of(old + "EncryptedPackage".encode("utf-16-le")) == (
            "Ce classeur est protégé par un mot de passe : enregistrez-le sans protection."
        )
        assert refusal_of(_archive({"mimetype": b"application/vnd.oasis.opendocument.spreadsheet"})) == (
            "Ce fichier est au format OpenDocument : enregistrez-le en XLSX ou en CSV."
        )
        assert refusal_of(_archive({"a.csv": b"a;b"})) == (
            "Cette archive n’est pas un classeur : envoyez le fichier XLSX ou CSV lui-même."
        )

    def test_entities_and_truncation_are_refused_as_damage(self):
        damaged = (
            "Ce classeur est abîmé ou incomplet : ouvrez-le dans un tableur et enregistrez-le à nouveau."
        )
        content = workbook_bytes(lambda workbook: workbook.active.append(["a", "b"]))
        entities = b'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "b">]><worksheet/>'
        assert refusal_of(_replaced(content, "xl/worksheets/sheet1.xml", entities)) == damaged
        assert (
            refusal_of(_replaced(content, "xl/worksheets/sheet1.xml", b"<worksheet><sheetData><row"))
            == damaged
        )
        assert refusal_of(content[: len(content) // 2]) == damaged


def _archive(parts: dict[str, bytes]) -> bytes:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w") as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return target.getvalue()


def _parts(content: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def _replaced(content: bytes, name: str, part: bytes) -> bytes:
    return _archive({**_parts(content), name: part})


def _with_cached_value(content: bytes, value: bytes) -> bytes:
    name = "xl/worksheets/sheet1.xml"
    return _replaced(
        content, name, re.sub(rb"<v ?/>|<v></v>", b"<v>" + value + b"</v>", _parts(content)[name])
    )
