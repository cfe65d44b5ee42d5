"""Refusals of the rooms beneath, in Chinese."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.utils import translation

import muster
from muster.kernel.errors import RuleError, StaleBaseError
from muster.web.refusals import say_refusal, say_sentence


@pytest.mark.parametrize(
    ("english", "chinese"),
    [
        (
            "李建国 (P2) is already the warden here, since 2020-02-10 12:00.",
            "李建国 (P2)已经是这里的负责人，2020-02-10 12:00起。",
        ),
        (
            "Since plan 3 was solved, 1 appointment (2单元 (C1-A-1-2)) and 2 people (王秀兰 (P1), 周芳 (P5)) changed.",
            "方案 3 求解之后，情况有变：1 项任命（2单元 (C1-A-1-2)）、2 人（王秀兰 (P1), 周芳 (P5)）。",
        ),
        (
            "李建国 needs the rest: only 2 h 30 min of rest are left, 11 h are the least.",
            "李建国需要休息：只剩 2 小时 30 分，规定至少 11 小时。",
        ),
        ("A sentence that nobody has put into Chinese yet.", "A sentence that nobody has put into Chinese yet."),
        ("", ""),
    ],
)
def test_a_sentence_is_said_again_with_its_names(english: str, chinese: str) -> None:
    with translation.override("zh-hans"):
        assert say_sentence(english) == chinese
    with translation.override("en"):
        assert say_sentence(english) == english.replace("1 appointment ", "1 appointments ")


def test_a_refusal_keeps_what_is_wrong_and_what_to_do_apart() -> None:
    with translation.override("zh-hans"):
        said = say_refusal(RuleError("王秀兰 (P1) is absent on this day.", remedy="Appoint somebody else."))
        assert (said.what, said.remedy) == ("王秀兰 (P1)这天请假。", "请任命其他人。")
        assert say_refusal(StaleBaseError("The emergency has ended.")).remedy == ""


ACTS = (
    "access/queries.py",
    "coverage/actions/appointing.py",
    "coverage/planning",
    "duty/actions/duties.py",
    "duty/actions/handing.py",
    "duty/planning",
    "plans/actions",
)
"""Where the acts of the desk raise their refusals."""
COMPOSED = frozenset({"§ §", "§ needs the rest: §."})
"""Sentences put together from others, whose wholes are tried above."""
REFUSALS = frozenset({"RuleError", "StaleBaseError", "NotAllowedError"})


def _list_sentences() -> Iterator[str]:
    rooms = Path(muster.__file__).parent
    for act in ACTS:
        place = rooms / act
        for path in sorted(place.rglob("*.py")) if place.is_dir() else [place]:
            for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
                if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in REFUSALS:
                    spoken = [*node.args[:1], *(each.value for each in node.keywords if each.arg == "remedy")]
                    yield from (text for text in map(_read, spoken) if text)


def _read(node: ast.expr) -> str:
    if isinstance(node, ast.JoinedStr):
        return "".join(str(part.value) if isinstance(part, ast.Constant) else "§" for part in node.values)
    return str(node.value) if isinstance(node, ast.Constant) else ""


@pytest.mark.parametrize("sentence", sorted(set(_list_sentences()) - COMPOSED))
def test_every_refusal_of_an_act_of_the_desk_is_known_in_chinese(sentence: str) -> None:
    with translation.override("zh-hans"):
        assert say_sentence(sentence) != sentence
