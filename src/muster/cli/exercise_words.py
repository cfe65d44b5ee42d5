"""What an exercise showed, in lines of a reader's language."""

from __future__ import annotations

from collections.abc import Iterator
from functools import reduce
from typing import Any, NamedTuple

from muster.simulation.running import Outcome


class Words(NamedTuple):
    """English and Chinese."""

    en: str
    zh: str


_SECTIONS: dict[Words, dict[str, Words]] = {
    Words("The exercise", "演练"): {
        "exercise.hours": Words("hours", "小时"),
        "exercise.took_s": Words("seconds it took", "用时（秒）"),
        "exercise.phones": Words("phones", "手机"),
        "exercise.acts": Words("acts", "行动"),
        "exercise.act_late_s_p99": Words("acts begun late, p99, real seconds", "行动延迟 p99（实际秒）"),
    },
    Words("Empty posts", "空岗"): {
        "cover.asked": Words("cover asked for", "征求顶班"),
        "cover.filled": Words("filled", "已补上"),
        "cover.minutes_to_accept": Words("minutes until somebody accepted", "到有人答应（分钟）"),
        "cover.minutes_empty": Words("minutes empty until somebody stood there", "到有人到岗（分钟）"),
    },
    Words("Needs", "需求"): {
        "needs.raised": Words("raised", "提出"),
        "needs.minutes_to_take_up": Words("minutes until taken up", "到有人接手（分钟）"),
        "needs.minutes_to_answer": Words("minutes until answered", "到办妥（分钟）"),
    },
    Words("Gaps", "缺口"): {
        "gaps.opened": Words("opened", "出现"),
        "gaps.steps": Words("steps", "经过"),
        "gaps.escalated_to": Words("escalated to", "上报至"),
    },
    Words("Facts", "上报"): {
        "facts.sent": Words("written down", "记下"),
        "facts.sendings": Words("sent, again included", "发送（含重发）"),
        "facts.taken": Words("taken", "收下"),
        "facts.seen": Words("seen before", "已收过"),
        "facts.refused": Words("refused", "拒收"),
        "facts.refused_by_reason": Words("why", "原因"),
        "facts.seconds_off_once_put_right": Words("seconds off once put right", "校时后误差（秒）"),
    },
    Words("Load", "负载"): {
        "load.requests": Words("requests", "请求"),
        "load.requests_per_s": Words("requests a second", "每秒请求"),
        "load.ms": Words("milliseconds a request", "每个请求（毫秒）"),
        "load.server_cpu_s": Words("seconds of processor, server and worker", "服务端处理器时间（秒）"),
        "load.server_memory_mb": Words("memory, server and worker, MB", "服务端内存（MB）"),
        "messages.rung": Words("messages delivered", "送达消息"),
        "messages.real_seconds_on_the_way": Words("real seconds of a message on its way", "消息在途（实际秒）"),
    },
}

_CHECKS: dict[str, Words] = {
    "facts without an answer": Words("facts without an answer", "没有回音的上报"),
    "facts lost": Words("facts lost", "丢失的上报"),
    "facts doubled": Words("facts doubled", "重复的上报"),
    "facts taken twice": Words("facts taken twice", "收下两次的上报"),
    "facts refused and kept": Words("facts refused and kept all the same", "拒收却留下的上报"),
    "facts that nobody sent": Words("facts that nobody sent", "无人发出的上报"),
    "requests failed": Words("requests failed", "出错的请求"),
    "rest rules broken": Words("rest rules broken", "违反休息规则"),
    "shifts with too many": Words("shifts with too many people", "超员的班次"),
    "places covered twice": Words("places covered twice", "重复顶班"),
    "clock steps fired twice": Words("clock steps fired twice", "重复触发的时限"),
    "messages rung twice": Words("messages rung twice", "重复送达的消息"),
    "acts failed": Words("people's acts failed", "未做成的行动"),
}


_CHINESE: dict[str, str] = {
    "count": "共",
    "median": "中位",
    "p90": "九成不超过",
    "most": "最多",
    "told": "告知楼门长",
    "escalated": "上报",
    "acknowledged": "已阅",
    "taken_over": "接手",
    "given_back": "退回",
    "lapsed": "逾期未办",
    "closed": "人工关闭",
    "city": "市",
    "county": "县区",
    "township": "街道乡镇",
    "community": "社区",
    "post_unattended": "无人到岗",
    "shift_unfilled": "缺员",
    "need_unanswered": "需求无人接手",
    "watch_missed": "看护漏查",
    "message_undelivered": "消息未送达",
    "area_without_warden": "无楼门长",
    "area_without_deputy": "无副手",
    "area_without_pairing": "无包保单位",
    "duty_cancelled": "班次已取消",
    "emergency_ended": "应急已结束",
    "from_the_future": "时间在未来",
    "no_such_area": "无此区域",
    "no_such_duty": "无此班次",
    "no_such_need": "无此需求",
    "too_early": "为时过早",
}
"""What figures are called inside, in Chinese; in English by their own names."""


def list_lines(outcome: Outcome, *, is_chinese: bool) -> Iterator[str]:
    """Yield what an exercise showed, line by line, and then what was checked."""
    language = 1 if is_chinese else 0
    for heading, lines in _SECTIONS.items():
        yield heading[language]
        for place, words in lines.items():
            yield f"  {words[language]}: {_write(_find(outcome.figures, place), is_chinese=is_chinese)}"
    yield Words("Checked (0 is right)", "核对（应为 0）")[language]
    for check in outcome.checks:
        yield f"  {'✓' if check.broken == 0 else '✗'} {_CHECKS[check.name][language]}: {check.broken:,}"


def _find(figures: dict[str, Any], place: str) -> Any:
    return reduce(lambda found, name: found[name], place.split("."), figures)


def _write(value: Any, *, is_chinese: bool) -> str:
    if isinstance(value, dict):
        parts = (f"{_name(name, is_chinese)} {_write(one, is_chinese=is_chinese)}" for name, one in value.items())
        return ("，" if is_chinese else ", ").join(parts) or "–"
    if value is None:
        return "–"
    return f"{value:,}" if isinstance(value, int | float) else str(value)


def _name(name: str, is_chinese: bool) -> str:
    return _CHINESE.get(name, name) if is_chinese else name.replace("_", " ")
