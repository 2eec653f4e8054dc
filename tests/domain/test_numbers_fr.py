"""Numbers as French people type them: read exactly, or refused with an example."""

from datetime import date, time
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from awards_app.domain.numbers_fr import (
    AmountIsInvalid,
    DateIsInvalid,
    NumberIsInvalid,
    PhoneIsInvalid,
    PostcodeIsInvalid,
    TimeIsInvalid,
    department_of,
    parse_amount,
    parse_date,
    parse_phone,
    parse_postcode,
    parse_time,
    parse_whole,
    show_amount,
)


@pytest.mark.parametrize(
    "text",
    [
        "1 234,56",
        "1\u00a0234,56",
        "1\u202f234,56",
        "1234,56",
        "1.234,56",
        "1234.56",
        " 1 234,56 € ",
        "1 234,56\u00a0EUR",
    ],
)
def test_an_amount_however_it_is_typed(text):
    assert parse_amount(text) == Decimal("1234.56")


@pytest.mark.parametrize(
    ("text", "amount"), [("0", "0.00"), ("5,5", "5.50"), ("1 234 567", "1234567.00"), ("12 euros", "12.00")]
)
def test_amounts_have_two_decimals(text, amount):
    assert str(parse_amount(text)) == amount


@pytest.mark.parametrize(
    "text",
    [
        "", "1,234.56", "1.234", "1,234", "12 34", "1 2345", "1234 567", "1 234,567", "-5", "+5", "1e5", "1E309", "NaN",
        "٣", "１２", "1,", ",5", "1..2", "1,2,3", "1.234.56", "9" * 13, "12 k€", "€", "1 234\n",
    ],
)  # fmt: skip
def test_amounts_that_are_refused(text):
    with pytest.raises(AmountIsInvalid):
        parse_amount(text)


@settings(max_examples=60, deadline=None)
@given(st.decimals(0, 9_999_999_999, places=2))
def test_what_is_shown_is_read_back(amount):
    assert parse_amount(show_amount(amount)) == amount


def test_amounts_are_shown_with_cents_only_when_there_are():
    shown = [show_amount(Decimal(text)) for text in ("1000", "1234.50", "0", "1234567.05")]
    assert shown == ["1\u202f000", "1\u202f234,50", "0", "1\u202f234\u202f567,05"]


@pytest.mark.parametrize(
    ("text", "number"), [("0", 0), ("12", 12), ("1 234", 1234), ("1\u202f234\u00a0567", 1234567)]
)
def test_whole_numbers(text, number):
    assert parse_whole(text) == number


@pytest.mark.parametrize(
    "text", ["", "1,0", "1.0", "-1", "1 23", "12a", "٣", "²", "9" * 400, "4.5", "0x1", "1_000"]
)
def test_what_is_no_whole_number(text):
    with pytest.raises(NumberIsInvalid):
        parse_whole(text)


@pytest.mark.parametrize(
    ("text", "day"), [("30/06/2027", date(2027, 6, 30)), (" 29/02/2028 ", date(2028, 2, 29))]
)
def test_dates(text, day):
    assert parse_date(text) == day


@pytest.mark.parametrize(
    "text",
    [
        "31/02/2027", "29/02/2027", "01/01/0000", "01/01/0001", "01/01/99999", "99999", "2027-6-3", "2027-06-03", "46568",
        "٣٠/٠٦/٢٠٢٧", "3/6/2027", "30/06/27", "30-06-2027", "30.06.2027", "06/30/2027", "", "00/01/2027", "30/06/2027 10:00",
    ],
)  # fmt: skip
def test_dates_that_are_refused_with_the_expected_form(text):
    with pytest.raises(DateIsInvalid) as caught:
        parse_date(text)
    assert str(caught.value) == "Saisissez une date sous la forme jj/mm/aaaa, par exemple 30/06/2027."


@pytest.mark.parametrize(
    ("text", "hour"), [("23:59", time(23, 59)), ("9h05", time(9, 5)), ("23 h 59", time(23, 59))]
)
def test_hours(text, hour):
    assert parse_time(text) == hour


@pytest.mark.parametrize("text", ["24:00", "23:60", "23", "2359", "23:5", "", "٢٣:٥٩", "23:59:00"])
def test_what_is_no_hour(text):
    with pytest.raises(TimeIsInvalid):
        parse_time(text)


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("06 12 34 56 78", "+33612345678"),
        ("06.12.34.56.78", "+33612345678"),
        ("+33 (0)6 12 34 56 78", "+33612345678"),
        ("0033 1 23 45 67 89", "+33123456789"),
        ("+262 692 12 34 56", "+262692123456"),
        ("0590 12 34 56", "+590590123456"),
        ("0696\u202f12\u202f34\u202f56", "+596696123456"),
        ("0639 12 34 56", "+262639123456"),
        ("+32 2 123 45 67", "+3221234567"),
    ],
)
def test_telephone_numbers(text, number):
    assert parse_phone(text) == number


@pytest.mark.parametrize(
    "text", ["", "06 12 34 56", "6 12 34 56 78", "00", "+0 123 456 789", "06 12 34 56 7a", "٠٦١٢٣٤٥٦٧٨"]
)
def test_what_is_no_telephone_number(text):
    with pytest.raises(PhoneIsInvalid):
        parse_phone(text)


@pytest.mark.parametrize(
    ("text", "code", "department"),
    [
        ("35000", "35000", "35"),
        ("01 000", "01000", "01"),
        ("20000", "20000", "2A"),
        ("20200", "20200", "2B"),
        ("97400", "97400", "974"),
        ("98800", "98800", "988"),
    ],
)
def test_postcodes_and_their_department(text, code, department):
    assert (parse_postcode(text), department_of(code)) == (code, department)


@pytest.mark.parametrize("text", ["", "2A004", "3500", "350000", "00100", "96000", "B-1000", "٣٥٠٠٠"])
def test_what_is_no_french_postcode(text):
    with pytest.raises(PostcodeIsInvalid):
        parse_postcode(text)
