"""What the words of a need say about how pressing it is: a proposal by plain rules, never the last word."""

from __future__ import annotations

import re

from muster.needs.kinds import NeedKind, NeedUrgency

_LIFE = (
    *("呼吸困难", "喘不上气", "喘不过气", "胸痛", "胸闷", "心梗", "心脏病", "中风", "脑梗", "昏迷", "晕倒", "昏倒"),
    *(
        "没有意识",
        "不省人事",
        "抽搐",
        "大出血",
        "流血不止",
        "血流不止",
        "休克",
        "触电",
        "煤气中毒",
        "煤气味",
        "燃气泄漏",
    ),
    *(
        "着火",
        "起火",
        "失火",
        "被困",
        "困在",
        "溺水",
        "落水",
        "水位上涨",
        "水在涨",
        "水还在涨",
        "快淹",
        "被淹",
        "齐腰",
        "齐胸",
    ),
    *(
        "要生了",
        "临产",
        "羊水",
        "早产",
        "断氧",
        "氧气用完",
        "呼吸机",
        "救命",
        "想不开",
        "轻生",
        "房子塌",
        "墙塌",
        "倒塌",
    ),
)
_TODAY = (
    *(
        "发烧",
        "发热",
        "高烧",
        "透析",
        "胰岛素",
        "断药",
        "没药",
        "药快",
        "药没",
        "化疗",
        "急用药",
        "奶粉",
        "断粮",
        "没吃的",
    ),
    *("没有吃", "断水", "没水喝", "停水", "停电", "没电", "停暖", "没暖气", "暖气不热", "漏水", "水管爆", "爆裂"),
    *("独居", "一个人在家", "孕妇", "婴儿", "新生儿", "残疾", "卧床", "老人", "失联", "联系不上", "走失"),
)
_LIFE_EN = (
    r"can'?t breathe|cannot breathe|short of breath|chest pain|unconscious|bleeding|stroke|seizure|heart attack"
    r"|trapped|drown\w*|water (is )?(still )?rising|fire|gas leak|in labou?r|oxygen|collapsed?|suicid\w*"
)
_TODAY_EN = (
    r"fever|dialysis|insulin|chemo\w*|no medicine|out of medicine|no food|no water|no power|no heating|burst"
    r"|baby|infant|pregnant|bedridden|alone|missing"
)
_NOT = r"(?:没有?|无|不|未|并非|not |no )"
_LIFE_WORDS = re.compile("|".join(map(re.escape, _LIFE)) + rf"|\b(?:{_LIFE_EN})\b", re.IGNORECASE)
_TODAY_WORDS = re.compile("|".join(map(re.escape, _TODAY)) + rf"|\b(?:{_TODAY_EN})\b", re.IGNORECASE)
_DENIED = re.compile(rf"{_NOT}(?:{'|'.join(map(re.escape, _LIFE))}|(?:{_LIFE_EN})\b)", re.IGNORECASE)

_BY_KIND = {
    NeedKind.RESCUE: NeedUrgency.LIFE,
    NeedKind.MEDICAL: NeedUrgency.TODAY,
    NeedKind.MEDICINE: NeedUrgency.TODAY,
    NeedKind.CARE: NeedUrgency.TODAY,
}
"""What a kind says before a word is read; other kinds can wait."""


def propose_urgency(kind: str, words: str) -> NeedUrgency:
    """Return how pressing a need seems, by its kind and by what its words name.

    A word that names danger to life counts unless it is denied right before it ("no fever, not trapped"); where
    rules are in doubt they say the more pressing, since a person looks at it next.

    Parameters
    ----------
    kind
        A ``NeedKind``.
    words
        What was asked, in Chinese, English or both.
    """
    by_kind = _BY_KIND.get(NeedKind(kind), NeedUrgency.CAN_WAIT)
    if find_danger(words):
        return NeedUrgency.LIFE
    return min(by_kind, NeedUrgency.TODAY) if _TODAY_WORDS.search(words) else by_kind


def find_danger(words: str) -> str:
    """Find the word that names danger to life, empty where there is none: shown as the reason of a proposal."""
    found = _LIFE_WORDS.search(_DENIED.sub(" ", words))
    return found.group() if found else ""
