"""Everything that an import can find wrong is said in Chinese."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.utils import translation

import muster
from muster.web.refusals import say_sentence

READ_BY_IMPORTS = (
    "kernel/cells.py",
    "kernel/rows.py",
    "kernel/tables/decoding.py",
    "kernel/tables/sheets.py",
    "people/importing.py",
    "people/rows.py",
    "people/rules.py",
    "membership/importing.py",
    "organizations/importing.py",
    "territory/cells.py",
    "territory/importing.py",
    "territory/rules/tree.py",
    "duty/importing.py",
    "intake",
    "web/imports",
)
NEVER_ON_THE_DESK = frozenset({"This is a folder.", "There is no such file.", "Check the name and the folder."})
NOT_FOUND = frozenset(
    {"There is no import §.", "Look for it in the history.", "No rows of this import are kept aside."}
)
"""What leads to the page of what is not there, which has words of its own."""


def _list_sentences() -> Iterator[str]:
    rooms = Path(muster.__file__).parent
    for part in READ_BY_IMPORTS:
        place = rooms / part
        for path in sorted(place.rglob("*.py")) if place.is_dir() else [place]:
            if path.name not in {"models.py", "sentences.py"} and "migrations" not in path.parts:
                yield from _in_module(ast.parse(path.read_text(encoding="utf-8")))


def _in_module(tree: ast.AST) -> Iterator[str]:
    documents = {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr)}
    parts = {id(part) for node in ast.walk(tree) if isinstance(node, ast.JoinedStr) for part in node.values}
    spoken = {
        id(node.args[0])
        for node in ast.walk(tree)
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "_" and node.args
    }
    for node in ast.walk(tree):
        text = _read(node)
        is_sentence = text.endswith(".") and " " in text and "\n" not in text and (text[0].isupper() or text[0] == "§")
        if is_sentence and id(node) not in documents | parts | spoken:
            yield text


def _read(node: ast.AST) -> str:
    if isinstance(node, ast.JoinedStr):
        return "".join(str(part.value) if isinstance(part, ast.Constant) else "§" for part in node.values)
    return node.value if isinstance(node, ast.Constant) and isinstance(node.value, str) else ""


SENTENCES = sorted(set(_list_sentences()) - NEVER_ON_THE_DESK - NOT_FOUND)


def test_there_are_sentences_to_be_said() -> None:
    assert len(SENTENCES) > 100


@pytest.mark.parametrize("sentence", SENTENCES)
def test_what_an_import_finds_wrong_is_known_in_chinese(sentence: str) -> None:
    with translation.override("zh-hans"):
        assert say_sentence(sentence) != sentence
