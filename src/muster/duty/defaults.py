"""The kinds of post and the shift patterns that a new installation starts with. Both are data afterwards."""

from __future__ import annotations

from typing import NamedTuple


class PostKindSeed(NamedTuple):
    """A kind of post as it is first written into the database."""

    slug: str
    name_zh: str
    name_en: str
    abilities: tuple[str, ...] = ()
    barred_by: tuple[str, ...] = ()


class ShiftPatternSeed(NamedTuple):
    """A shift pattern as it is first written into the database."""

    slug: str
    name_zh: str
    name_en: str
    short_zh: str
    short_en: str
    start_min: int
    length_min: int
    is_night: bool = False


POST_KINDS: tuple[PostKindSeed, ...] = (
    PostKindSeed("vanguard_post", "党员先锋岗", "vanguard post"),
    PostKindSeed("responsibility_zone", "党员责任区", "responsibility zone"),
    PostKindSeed("rapid_team", "党员突击队", "rapid team", barred_by=("lifting", "outdoors")),
    PostKindSeed("volunteer_guard", "志愿护卫队", "volunteer guard", barred_by=("outdoors",)),
    PostKindSeed("voluntary_supervisor", "义务监督员", "voluntary supervisor"),
    PostKindSeed("gate", "卡口", "gate", barred_by=("outdoors", "standing")),
    PostKindSeed("patrol", "巡查", "patrol", barred_by=("outdoors",)),
    PostKindSeed("delivery", "配送", "delivery", barred_by=("lifting", "stairs")),
    PostKindSeed("door_service", "入户服务", "door service", barred_by=("stairs", "contact")),
    PostKindSeed("hotline", "值守电话", "hotline"),
)

SHIFT_PATTERNS: tuple[ShiftPatternSeed, ...] = (
    ShiftPatternSeed("morning", "早班", "morning", "早", "M", 7 * 60, 8 * 60),
    ShiftPatternSeed("forenoon", "上午", "forenoon", "上", "F", 8 * 60, 5 * 60),
    ShiftPatternSeed("afternoon", "下午", "afternoon", "下", "A", 14 * 60, 5 * 60),
    ShiftPatternSeed("evening", "晚班", "evening", "晚", "E", 15 * 60, 8 * 60),
    ShiftPatternSeed("night", "夜班", "night", "夜", "N", 23 * 60, 8 * 60, True),
)
