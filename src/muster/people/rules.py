"""Rules about people as plain values: telephone numbers and words for what people can and cannot do."""

from __future__ import annotations

import re
import unicodedata
from decimal import Decimal
from functools import lru_cache

import phonenumbers
from django.conf import settings
from django.utils.crypto import salted_hmac

from muster.kernel.cells import CellError, split_words
from muster.people.kinds import ABILITY_WORDS, RESTRICTION_WORDS, Ability, Restriction

HOME_REGION = "CN"
_MOBILE = re.compile(r"(?:\+86|0086|86)?(1[3-9]\d{9})")
_BETWEEN_DIGITS = re.compile(r"[\s\-.()]+")
_SCIENTIFIC = re.compile(r"(\d)(?:\.(\d*))?[Ee]\+?(\d+)")
_EXTENSION = re.compile(r"(?:转|分机|ext\.?|x)\s*\d+$", re.IGNORECASE)
_SLUG = re.compile(r"[a-z][a-z0-9_]{1,39}")
_SPREAD_OUT = re.compile(r"[一-鿿㐀-䶿](?:\s+[一-鿿㐀-䶿]){1,3}")
_NOTHING = frozenset({"none", "无"})
_SPELL_OUT = "Give one number with its area code, as text."


def join_name(text: str) -> str:
    """Return a name without the blanks that lists put into short Chinese names, to make all equally wide."""
    return "".join(text.split()) if _SPREAD_OUT.fullmatch(text) else text


def normalize_phone(text: str) -> str:
    """Return a telephone number in the international form of E.164, such as ``+8613812345678``.

    Numbers are read as Chinese unless they begin with ``+`` or ``00``. Any mobile number of eleven digits
    is taken, also one of a range not given out: numbering plans change faster than libraries.

    Parameters
    ----------
    text
        As offices write it: with spaces, hyphens, full-width digits, ``+86``, or as Excel left it.

    Returns
    -------
    str
        The number; empty for an empty text.

    Raises
    ------
    CellError
        If the text is not one whole telephone number.
    """
    plain = _without_excel_marks(unicodedata.normalize("NFKC", text).strip().lstrip("'"))
    if not plain:
        return ""
    mobile = _MOBILE.fullmatch(_BETWEEN_DIGITS.sub("", plain))
    if mobile:
        return f"+86{mobile.group(1)}"
    if _EXTENSION.search(plain):
        raise CellError(f"{text!r} has an extension, which cannot be kept.", "Give a direct number.")
    try:
        number = phonenumbers.parse(plain, HOME_REGION)
    except phonenumbers.NumberParseException:
        raise CellError(f"{text!r} is not a telephone number.", _SPELL_OUT) from None
    if not phonenumbers.is_valid_number(number):
        raise CellError(f"{text!r} is not a whole telephone number.", _SPELL_OUT)
    return str(phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164))


def _without_excel_marks(text: str) -> str:
    """Undo what Excel does to numbers: a decimal point behind them, or powers of ten."""
    found = _SCIENTIFIC.fullmatch(text)
    if found:
        if len(found.group(2) or "") < int(found.group(3)) - 1:
            raise CellError(
                f"{text!r}: Excel has rounded the number away.", "Format the column as text; type it again."
            )
        return str(int(Decimal(text)))
    return re.sub(r"(?<=\d)\.0+$", "", text)


def blind_index(phone: str) -> str:
    """Return the digest by which a number is found without being stored: HMAC-SHA256 under the city's own key.

    Parameters
    ----------
    phone
        A number from :func:`normalize_phone`.

    Returns
    -------
    str
        64 hexadecimal digits; empty for an empty number. It depends on ``SALT_KEY`` alone, so that a new
        ``SECRET_KEY`` leaves every index as it is.
    """
    if not phone:
        return ""
    return salted_hmac("muster.people.phone", phone, secret=settings.SALT_KEY, algorithm="sha256").hexdigest()


def read_abilities(text: str) -> list[str] | None:
    """Return the slugs of the abilities in a cell, sorted; None when empty, no slugs for ``none``.

    Raises
    ------
    CellError
        If a word is neither known nor formed like a slug.
    """
    found = _read_slugs(text.casefold(), Ability)
    return None if found is None else list(found)


def read_restrictions(text: str) -> list[str] | None:
    """Return the slugs of the restrictions in a cell, sorted; None when empty, no slugs for ``none``.

    Raises
    ------
    CellError
        If a word is neither known nor formed like a slug.
    """
    found = _read_slugs(text.casefold(), Restriction)
    return None if found is None else list(found)


def is_slug(text: str) -> bool:
    """Tell whether a text is formed like an ability or a restriction."""
    return _SLUG.fullmatch(text) is not None


@lru_cache(maxsize=4096)
def _read_slugs(text: str, kind: type[Ability | Restriction]) -> tuple[str, ...] | None:
    given = split_words(text)
    if not given:
        return None
    if len(given) == 1 and given[0] in _NOTHING:
        return ()
    words = ABILITY_WORDS if kind is Ability else RESTRICTION_WORDS
    found = {words.get(word) or word.removeprefix("no ").replace(" ", "_") for word in given}
    strange = sorted(word for word in found if not _SLUG.fullmatch(word))
    if strange:
        raise CellError(f"Not known: {', '.join(strange)}.", f"Use words of the list: {', '.join(kind.values)}.")
    return tuple(sorted(found))
