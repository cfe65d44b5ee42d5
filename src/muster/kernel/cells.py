"""Reading one cell of a table as a person meant it: days, counts, yes and no, lists of words."""

from __future__ import annotations

import re
import unicodedata
from datetime import date, timedelta
from functools import lru_cache

_YES = frozenset({"yes", "y", "true", "1", "是", "有", "能", "可", "√"})
_NO = frozenset({"no", "n", "false", "0", "否", "无", "不能", "不可", "×"})
_DAY = re.compile(r"(\d{4})\s*[-/.年]\s*(\d{1,2})\s*[-/.月]\s*(\d{1,2})\s*日?(?:[ T]0?0:00(?::00)?)?")
_DAY_COMPACT = re.compile(r"(\d{4})(\d{2})(\d{2})")
_DAY_MONTH_FIRST = re.compile(r"(\d{1,2})[-/.](\d{1,2})[-/.](\d{4})")
_DAY_SERIAL = re.compile(r"\d{5}")
_FIRST_SERIAL_DAY = date(1899, 12, 30)
_SERIALS = range(32_874, 73_051)
"""Numbers by which spreadsheets know the days from 1990 to 2099."""
_BETWEEN_WORDS = re.compile(r"[;；,，、|\n]+")
_MOST_CODE_CHARS = 64
_SCIENTIFIC = re.compile(r"[+-]?\d+(?:\.\d+)?[Ee]\+\d+")
_FLOATED = re.compile(r"(?<=\d{4})\.0+$")
# Persian and the scripts of India join or part letters by these; blanks of other widths part names of people.
_PART_OF_SCRIPTS = str.maketrans("", "", "\u200c\u200d\u00a0\u3000")


class CellError(ValueError):
    """A cell that does not say what its column asks for.

    Parameters
    ----------
    what
        What is wrong, in a full sentence.
    remedy
        What to write instead, in a full sentence.
    """

    def __init__(self, what: str, remedy: str) -> None:
        self.what = what
        self.remedy = remedy
        super().__init__(f"{what} {remedy}")


@lru_cache(maxsize=65_536)
def read_code(text: str) -> str:
    """Return a code, or refuse one that is none.

    Full-width digits and letters become plain ones. A point and a zero behind four digits or more are taken off:
    programs that count put them there, where a column has empty cells.

    Raises
    ------
    CellError
        If the code is empty, too long, holds a space or a slash, or is a long number that a spreadsheet has rounded.
    """
    code = unicodedata.normalize("NFKC", text)
    if not code:
        raise CellError("The code is missing.", "Give each row a code of its own.")
    if len(code) > _MOST_CODE_CHARS:
        raise CellError(f"The code has {len(code)} characters.", f"Use at most {_MOST_CODE_CHARS}.")
    if any(char.isspace() or not char.isprintable() for char in code):
        raise CellError(f"The code {text!r} has a space or a hidden character in it.", "Write it without.")
    if "/" in code or "\\" in code or not code.strip("."):
        # Addresses of screens and names of files are made of codes.
        raise CellError(f"The code {text!r} has a slash in it, or is dots alone.", "Write a hyphen instead.")
    if _SCIENTIFIC.fullmatch(code):
        raise CellError(f"A spreadsheet has rounded the code to {text}.", "Format the column as text; type it again.")
    return _FLOATED.sub("", code)


def read_reference(text: str) -> str | None:
    """Return the code of something else that a cell names, read as :func:`read_code` does; None when empty.

    Raises
    ------
    CellError
        If it is no code.
    """
    return read_code(text) if text else None


def find_reference(text: str) -> str | None:
    """Find the code that a cell names; None also where it is none, which is told where the cell is read."""
    try:
        return read_reference(text)
    except CellError:
        return None


def _is_hidden(char: str) -> bool:
    """Tell whether a character has no picture; private ones have one: rare Chinese characters are written so."""
    return not char.isprintable() and unicodedata.category(char) != "Co"


def read_name(text: str, *, most_chars: int) -> str:
    """Return a name, or refuse an empty one, an unprintable one and one that is too long.

    Raises
    ------
    CellError
        If the name is none.
    """
    if not text:
        raise CellError("The name is missing.", "Fill it in.")
    if len(text) > most_chars:
        raise CellError(f"The name has {len(text)} characters.", f"Shorten it to {most_chars}.")
    shown = text.translate(_PART_OF_SCRIPTS)
    if not shown.isprintable() and any(map(_is_hidden, shown)):
        raise CellError("The name has a line break or a hidden character in it.", "Type it again.")
    return text


@lru_cache(maxsize=4096)
def read_day(text: str) -> date | None:
    """Return the day that a cell names; None when empty.

    Understood are 2020-02-05, 2020/2/5, 20200205, 2020年2月5日, 2/5/2020 as spreadsheets show it (the month first,
    unless it could be none), and 43866, the number by which a spreadsheet knows a day.

    Raises
    ------
    CellError
        If the cell is not a day of the calendar.
    """
    if not text:
        return None
    try:
        day = _find_day(unicodedata.normalize("NFKC", text).strip())
    except ValueError:
        day = None
    if day is not None:
        return day
    raise CellError(f"{text!r} is not a day.", "Write it as 2020-02-05.")


def _find_day(text: str) -> date | None:
    found = _DAY.fullmatch(text) or _DAY_COMPACT.fullmatch(text)
    if found:
        return date(*map(int, found.groups()))
    found = _DAY_MONTH_FIRST.fullmatch(text)
    if found:
        month, day, year = map(int, found.groups())
        return date(year, month, day) if month <= 12 else date(year, day, month)
    if _DAY_SERIAL.fullmatch(text) and int(text) in _SERIALS:
        return _FIRST_SERIAL_DAY + timedelta(days=int(text))
    return None


@lru_cache(maxsize=4096)
def read_count(text: str, *, most: int) -> int | None:
    """Return the whole number from 0 to ``most`` in a cell; None when empty.

    Raises
    ------
    CellError
        If the cell is not such a number.
    """
    if not text:
        return None
    try:
        number = float(unicodedata.normalize("NFKC", text))
    except ValueError:
        raise CellError(f"{text!r} is not a number.", f"Write a whole number from 0 to {most}.") from None
    if not number.is_integer() or not 0 <= number <= most:
        raise CellError(f"{text} is out of range.", f"Write a whole number from 0 to {most}.")
    return int(number)


@lru_cache(maxsize=4096)
def read_hours_as_min(text: str, *, most_h: int) -> int | None:
    """Return the minutes of a cell in hours, such as 7.5; None when empty.

    Raises
    ------
    CellError
        If the cell is not a number of hours from 0 to ``most_h``.
    """
    if not text:
        return None
    try:
        hours = float(unicodedata.normalize("NFKC", text))
    except ValueError:
        raise CellError(f"{text!r} is not a number of hours.", "Write it as 40 or 7.5.") from None
    if not 0 <= hours <= most_h:
        raise CellError(f"{text} hours are out of range.", f"Write a number from 0 to {most_h}.")
    return round(hours * 60)


@lru_cache(maxsize=256)
def read_yes_no(text: str) -> bool | None:
    """Return whether a cell says yes or no, in English or Chinese; None when empty.

    Raises
    ------
    CellError
        If the cell says neither.
    """
    word = text.casefold()
    if word in _YES:
        return True
    if word in _NO:
        return False
    if not word:
        return None
    raise CellError(f"{text!r} is neither yes nor no.", "Write yes or no (是 or 否).")


def split_words(text: str) -> tuple[str, ...]:
    """Return the words of a cell, divided by ``;``, ``,`` or their Chinese forms, each once and in order."""
    words = (word.strip() for word in _BETWEEN_WORDS.split(text))
    return tuple(dict.fromkeys(word for word in words if word))
