"""Compile the translated texts: ``python src/muster/web/catalogs.py``, with nothing but Python.

Reads the ``.po`` files that translators write and writes the ``.mo`` files that gettext reads, in the form
that GNU gettext documents (https://www.gnu.org/software/gettext/manual/html_node/MO-Files.html).
"""

from __future__ import annotations

import ast
import os
import re
import struct
from pathlib import Path

LOCALE = Path(__file__).resolve().parent.parent / "locale"
_MAGIC = 0x950412DE
_HEAD_BYTES = 28
_LINE = re.compile(r'(?:(?P<key>msgctxt|msgid_plural|msgid|msgstr)(?:\[(?P<form>\d+)\])?\s+)?(?P<text>".*")\s*$')


def read_catalog(text: str) -> dict[str, str]:
    """Read the entries of a ``.po`` file, keyed as gettext keys them: context and plural joined in.

    Parameters
    ----------
    text
        Content of the file.

    Raises
    ------
    ValueError
        If a line is neither an entry, nor a comment, nor empty.
    """
    entries: dict[str, str] = {}
    for block in re.split(r"\n\s*\n", text):
        fields = _read_block(block)
        if fields:
            entries.update([_join(fields)])
    return entries


def _read_block(block: str) -> dict[str, str]:
    fields: dict[str, str] = {}
    current = ""
    for line in block.splitlines():
        if not line.strip() or line.startswith("#"):
            continue
        match = _LINE.match(line)
        if match is None:
            raise ValueError(f"This line of a catalog cannot be read: {line!r}")
        if match["key"]:
            current = match["key"] + (match["form"] or "")
            fields[current] = ""
        fields[current] += ast.literal_eval(match["text"])
    return fields


def _join(fields: dict[str, str]) -> tuple[str, str]:
    context = fields["msgctxt"] + "\x04" if "msgctxt" in fields else ""
    plural = "\0" + fields["msgid_plural"] if "msgid_plural" in fields else ""
    forms = [fields[name] for name in sorted(fields) if name.startswith("msgstr")]
    return context + fields["msgid"] + plural, "\0".join(forms)


def write_binary(entries: dict[str, str]) -> bytes:
    """Return the entries as the bytes of a ``.mo`` file; texts not yet translated are left out."""
    pairs = sorted((key.encode(), text.encode()) for key, text in entries.items() if text)
    tables: tuple[list[int], list[int]] = ([], [])
    body = b""
    start = _HEAD_BYTES + 16 * len(pairs)
    for column, table in enumerate(tables):
        for pair in pairs:
            table += [len(pair[column]), start + len(body)]
            body += pair[column] + b"\0"
    head = struct.pack("<7I", _MAGIC, 0, len(pairs), _HEAD_BYTES, _HEAD_BYTES + 8 * len(pairs), 0, 0)
    numbers = [*tables[0], *tables[1]]
    return head + struct.pack(f"<{len(numbers)}I", *numbers) + body


def _replace(target: Path, content: bytes) -> None:
    # In one step: a server that starts at this moment must not read half a catalog.
    unfinished = target.with_name(f".{target.name}.{os.getpid()}")
    unfinished.write_bytes(content)
    unfinished.replace(target)


def compile_catalogs(folder: Path = LOCALE) -> list[Path]:
    """Compile every catalog beneath a folder, and return the files written."""
    written = []
    for source in sorted(folder.glob("*/LC_MESSAGES/*.po")):
        target = source.with_suffix(".mo")
        _replace(target, write_binary(read_catalog(source.read_text(encoding="utf-8"))))
        written.append(target)
    return written


if __name__ == "__main__":
    compile_catalogs()
