"""Nothing grows beyond what a reader can hold in mind."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
MOST_LINES_OF_A_FUNCTION = 60
MOST_LINES_OF_A_MODULE = 400
FOLDERS = ("src", "tests", "benchmarks")


def _python_files() -> list[Path]:
    files = (path for folder in FOLDERS for path in (ROOT / folder).rglob("*.py"))
    return [path for path in files if not {"migrations", "node_modules"} & set(path.parts)]


def _functions(tree: ast.AST) -> list[ast.FunctionDef | ast.AsyncFunctionDef]:
    return [node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)]


def _length(function: ast.FunctionDef | ast.AsyncFunctionDef) -> int:
    first = min([function.lineno, *(decorator.lineno for decorator in function.decorator_list)])
    return (function.end_lineno or first) - first + 1


def test_no_function_is_longer_than_sixty_lines() -> None:
    too_long = [
        f"{path.relative_to(ROOT)}:{function.lineno} {function.name}: {_length(function)} lines"
        for path in _python_files()
        for function in _functions(ast.parse(path.read_text(encoding="utf-8")))
        if _length(function) > MOST_LINES_OF_A_FUNCTION
    ]
    assert not too_long, "\n".join(too_long)


@pytest.mark.parametrize("kind", ["python", "front end"])
def test_no_module_is_longer_than_four_hundred_lines(kind: str) -> None:
    front = [path for pattern in ("src/**/*.ts", "styles/**/*.css") for path in (ROOT / "frontend").glob(pattern)]
    files = _python_files() if kind == "python" else front
    lengths = {path: len(path.read_text(encoding="utf-8").splitlines()) for path in files}
    too_long = [
        f"{path.relative_to(ROOT)}: {lines} lines" for path, lines in lengths.items() if lines > MOST_LINES_OF_A_MODULE
    ]
    assert files
    assert not too_long, "\n".join(too_long)


def test_no_module_is_named_for_being_of_no_topic() -> None:
    vague = {"utils", "util", "helpers", "helper", "manager", "managers", "misc", "common", "services"}
    named = [str(path.relative_to(ROOT)) for path in _python_files() if path.stem in vague or path.parent.name in vague]
    assert not named
