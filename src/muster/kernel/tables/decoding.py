"""Finding out in which encoding a file of text was saved: UTF-8, UTF-16 or GB18030, and whether it came whole."""

from __future__ import annotations

from pathlib import Path

from muster.kernel.errors import MusterError

DAMAGED = "\ufffd"
"""What stands in the place of bytes that are no character."""

_BEYOND_ASCII = 0x80
_MOST_DAMAGED_SHARE = 0.05
_LEAST_COMMON_SHARE = 0.5


def read_text(path: Path) -> str:
    """Return the text of a file.

    Text that is damaged in a few places, or cut in the middle of a character, comes back with :data:`DAMAGED`
    there. Damaged UTF-8 must not be tried as GB18030: it would often pass, with all its names wrong.

    Raises
    ------
    MusterError
        If the bytes are text in none of the encodings that offices use.
    """
    raw = path.read_bytes()
    encodings = ("utf-16",) if raw.startswith((b"\xff\xfe", b"\xfe\xff")) else ("utf-8-sig", "gb18030")
    for encoding in encodings:
        text, is_whole = _decode(raw, encoding)
        if (is_whole or _is_mostly_whole(text)) and (encoding != "gb18030" or _is_chinese(text)):
            return text
    row = raw.count(b"\n", 0, _find_foreign_byte(raw)) + 1
    raise MusterError(
        f"The text is neither UTF-8 nor GB18030 (byte {_find_foreign_byte(raw)}).",
        where=f"{path.name}, row {row}",
        remedy="Save the file again as CSV UTF-8.",
    )


def _decode(raw: bytes, encoding: str) -> tuple[str, bool]:
    try:
        return raw.decode(encoding), True
    except UnicodeDecodeError:
        return raw.decode(encoding, errors="replace"), False


def _is_mostly_whole(text: str) -> bool:
    damaged = text.count(DAMAGED)
    foreign = sum(not char.isascii() for char in text)
    return damaged < foreign and damaged <= max(1, foreign * _MOST_DAMAGED_SHARE)


def _is_chinese(text: str) -> bool:
    """Tell whether most foreign characters are common ones: other encodings, read as GB18030, give rare ones."""
    foreign = [char for char in text if not char.isascii()]
    common = sum(bool(char.encode("gb2312", errors="ignore")) for char in foreign)
    return common >= len(foreign) * _LEAST_COMMON_SHARE


def _find_foreign_byte(raw: bytes) -> int:
    return next((place for place, byte in enumerate(raw) if byte >= _BEYOND_ASCII), 0)
