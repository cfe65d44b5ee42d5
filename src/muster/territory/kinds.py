"""The levels that come with Muster; an import may bring others."""

from __future__ import annotations

from typing import NamedTuple


class LevelSeed(NamedTuple):
    """A level as it is first written into the database."""

    slug: str
    rank: int
    name_zh: str
    name_en: str
    warden_zh: str = ""
    warden_en: str = ""
    needs_warden: bool = False


LEVELS: tuple[LevelSeed, ...] = (
    LevelSeed("country", 100, "国家", "country"),
    LevelSeed("province", 200, "省", "province"),
    LevelSeed("city", 300, "市", "city"),
    LevelSeed("county", 400, "县区", "county"),
    LevelSeed("township", 500, "乡镇街道", "township"),
    LevelSeed("community", 600, "社区村", "community"),
    LevelSeed("compound", 700, "小区", "compound", "小区长", "compound warden", True),
    LevelSeed("building", 800, "楼栋", "building", "楼栋长", "building warden", True),
    LevelSeed("unit", 900, "单元", "unit", "单元长", "unit warden", True),
)


class AreaSpec(NamedTuple):
    """An area to be made, as it comes from a file or a scenario. None says: not known."""

    level: str
    code: str
    name: str
    parent_code: str = ""
    kind: str = ""
    households: int | None = None
    is_managed: bool | None = None
    lon: float | None = None
    lat: float | None = None
    is_synthetic: bool = False
    is_position_synthetic: bool = False


class BoundarySpec(NamedTuple):
    """The polygon of an area, by its code: a GeoJSON geometry in degrees."""

    code: str
    geometry: dict[str, object]
    source: str
