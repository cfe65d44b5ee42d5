"""Collects everything that the desk says, from templates and from Python, to hold the catalogs against it."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from django.utils.translation.template import templatize

import muster

PACKAGE = Path(muster.__file__).parent
CALLS = frozenset({"_", "gettext", "gettext_lazy", "gettext_noop", "ngettext", "pgettext"})
_TEMPLATE_CALL = re.compile(r"\b(?P<call>gettext|ngettext|pgettext|_)\((?P<args>.*?)\)(?=\s|$)", re.DOTALL)


class Message(NamedTuple):
    """A text to be translated."""

    context: str
    text: str
    plural: str = ""


def list_messages() -> set[Message]:
    """List every text that the package marks for translation."""
    found: set[Message] = set()
    for path in sorted(PACKAGE.rglob("*.py")):
        found.update(_in_python(path.read_text(encoding="utf-8")))
    for path in sorted(PACKAGE.rglob("*.html")):
        found.update(_in_template(path.read_text(encoding="utf-8")))
    return found


def _in_python(source: str) -> Iterator[Message]:
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in CALLS:
            yield from _message(node.func.id, [each.value for each in node.args if isinstance(each, ast.Constant)])


def _in_template(source: str) -> Iterator[Message]:
    for match in _TEMPLATE_CALL.finditer(templatize(source)):
        try:
            arguments = ast.literal_eval(f"({match['args']},)")
        except (SyntaxError, ValueError):
            arguments = ast.literal_eval(f"({match['args'].rsplit(',', 1)[0]},)")
        yield from _message(match["call"], list(arguments))


def _message(call: str, texts: list[object]) -> Iterator[Message]:
    words = [text for text in texts if isinstance(text, str)]
    if call == "pgettext" and len(words) == 2:
        yield Message(words[0], words[1])
    elif call == "ngettext" and len(words) == 2:
        yield Message("", words[0], words[1])
    elif call not in {"pgettext", "ngettext"} and words:
        yield Message("", words[0])
