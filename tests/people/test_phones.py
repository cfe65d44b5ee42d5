"""Telephone numbers as offices write them, one form inside, never in plain text at rest."""

from __future__ import annotations

import phonenumbers
import pytest
from django.db import connection
from hypothesis import given
from hypothesis import strategies as st

from muster.kernel.cells import CellError
from muster.people.models import Person
from muster.people.queries import list_people_by_phone
from muster.people.rules import blind_index, normalize_phone
from tests.access.town import build_town

mobiles = st.from_regex(r"1[3-9][0-9]{9}", fullmatch=True).filter(str.isascii)
prefixes = st.sampled_from(["", "+86", "+86 ", "86", "0086", "0086-", "'"])
separators = st.sampled_from(["", " ", "-", ".", "\u3000", "\u00a0"])


@given(mobiles, prefixes, separators)
def test_a_mobile_has_one_form_however_it_is_written(mobile: str, prefix: str, separator: str) -> None:
    written = prefix + separator.join((mobile[:3], mobile[3:7], mobile[7:]))
    assert normalize_phone(written) == f"+86{mobile}"


@given(mobiles)
def test_what_excel_makes_of_a_mobile_is_undone(mobile: str) -> None:
    wide = mobile.translate({ord(digit): ord(digit) + 0xFEE0 for digit in "0123456789"})
    assert {normalize_phone(text) for text in (f"{mobile}.0", str(float(mobile)), wide)} == {f"+86{mobile}"}
    assert normalize_phone(f"{mobile[0]}.{mobile[1:]}E+10") == f"+86{mobile}"


@given(st.sampled_from(["CN", "FI", "DE", "MN", "JP"]), st.booleans())
def test_numbers_of_other_countries_keep_their_country(region: str, is_spaced: bool) -> None:
    number = phonenumbers.example_number_for_type(region, phonenumbers.PhoneNumberType.FIXED_LINE)
    assert number is not None
    style = phonenumbers.PhoneNumberFormat.INTERNATIONAL if is_spaced else phonenumbers.PhoneNumberFormat.E164
    written = phonenumbers.format_number(number, style)
    assert normalize_phone(written) == phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)


@given(st.text(max_size=30))
def test_any_text_is_taken_in_a_form_that_stays_or_is_refused(text: str) -> None:
    try:
        phone = normalize_phone(text)
    except CellError:
        return
    assert normalize_phone(phone) == phone
    assert phone == "" or phone.startswith("+")


@pytest.mark.parametrize(
    "text",
    ["123", "138123456", "1381234567890", "13812345678/13912345678", "王", "1.38123E+10", "0438-2123456转801", "110"],
)
def test_what_is_not_one_whole_number_is_refused_with_a_remedy(text: str) -> None:
    with pytest.raises(CellError) as refused:
        normalize_phone(text)
    assert refused.value.remedy


def test_a_landline_keeps_its_area_code() -> None:
    assert normalize_phone("0438-2123456") == normalize_phone("(0438) 212 3456") == "+864382123456"


def test_an_empty_cell_is_no_number() -> None:
    assert (normalize_phone("  "), blind_index("")) == ("", "")


def test_a_number_is_found_without_standing_in_the_database(db: None) -> None:
    build_town()
    assert [person.code for person in list_people_by_phone("138 1234 5678")] == ["WANG"]
    assert Person.objects.get(code="WANG").phone == "+8613812345678"
    with connection.cursor() as cursor:
        cursor.execute("SELECT phone, phone_index FROM people_person WHERE code = 'WANG'")
        phone, phone_index = cursor.fetchone()
    assert "12345678" not in phone
    assert "12345678" not in phone_index


def test_the_blind_index_depends_on_the_citys_own_key(settings: object) -> None:
    before = blind_index("+8613812345678")
    settings.SECRET_KEY = "another secret"  # type: ignore[attr-defined]
    assert blind_index("+8613812345678") == before
    settings.SALT_KEY = "another city"  # type: ignore[attr-defined]
    assert blind_index("+8613812345678") != before
