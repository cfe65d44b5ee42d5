"""Refusals of the rooms beneath, in Chinese."""

from __future__ import annotations

import pytest
from django.utils import translation

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
