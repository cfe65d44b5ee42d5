"""Every text of the desk has its Chinese, with the same holes to fill."""

from __future__ import annotations

import re
import shutil
import subprocess
from pathlib import Path

import pytest

from muster.web.catalogs import LOCALE, compile_catalogs, read_catalog
from tests.web.messages import Message, list_messages

HOLE = re.compile(r"%\(\w+\)[sd]")
CATALOG = LOCALE / "zh_Hans" / "LC_MESSAGES" / "django.po"


def _key(message: Message) -> str:
    context = f"{message.context}\x04" if message.context else ""
    return context + message.text + (f"\0{message.plural}" if message.plural else "")


@pytest.fixture(scope="module")
def chinese() -> dict[str, str]:
    return read_catalog(CATALOG.read_text(encoding="utf-8"))


def test_every_text_is_translated(chinese: dict[str, str]) -> None:
    missing = sorted(message.text for message in list_messages() if not chinese.get(_key(message)))
    assert not missing


def test_no_translation_is_left_over(chinese: dict[str, str]) -> None:
    assert not sorted(set(chinese) - {_key(message) for message in list_messages()} - {""})


def test_a_translation_fills_the_same_holes(chinese: dict[str, str]) -> None:
    wrong = [key for key, text in chinese.items() if set(HOLE.findall(key)) != set(HOLE.findall(text)) and key]
    assert not wrong


def test_the_compiled_catalog_is_what_gettext_reads(tmp_path: Path) -> None:
    import gettext  # noqa: PLC0415

    folder = tmp_path / "zh_Hans" / "LC_MESSAGES"
    folder.mkdir(parents=True)
    shutil.copy(CATALOG, folder)
    compile_catalogs(tmp_path)
    spoken = gettext.translation("django", tmp_path, ["zh_Hans"])
    assert spoken.gettext("Publish") == "发布"
    assert spoken.pgettext("list", ", ") == "、"
    assert spoken.ngettext("%(count)d day", "%(count)d days", 3) == "%(count)d 天"


def test_the_catalog_compiles_with_nothing_but_python() -> None:
    import sys  # noqa: PLC0415

    subprocess.run([sys.executable, "-S", str(LOCALE.parent / "web" / "catalogs.py")], check=True)
    assert CATALOG.with_suffix(".mo").exists()


def test_a_line_that_is_no_entry_is_refused() -> None:
    with pytest.raises(ValueError, match="cannot be read"):
        read_catalog('msgid "a"\nmsgstr b\n')
