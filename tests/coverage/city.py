"""A small city with a stable cast, for tests that need more than one doorway."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime

from muster.access.queries import SystemActor
from muster.emergencies.actions import activate
from muster.emergencies.models import Emergency
from muster.people.models import Person
from muster.territory.actions import create_areas
from muster.territory.kinds import AreaSpec
from muster.territory.models import Area

NOON = datetime(2020, 2, 10, 4, 0, tzinfo=UTC)
OFFICER = SystemActor("duty officer")

AREAS = (
    AreaSpec("city", "2207", "松原市"),
    AreaSpec("county", "220702", "宁江区", "2207"),
    AreaSpec("township", "220702001", "团结街道", "220702"),
    AreaSpec("community", "C1", "松林社区", "220702001", "residents_committee", lon=124.80, lat=45.17),
    AreaSpec("community", "C2", "江畔社区", "220702001", "virtual", lon=124.85, lat=45.14),
    AreaSpec("compound", "C1-A", "明珠小区", "C1", households=120, is_managed=True),
    AreaSpec("building", "C1-A-1", "1号楼", "C1-A", households=60),
    AreaSpec("building", "C1-A-2", "2号楼", "C1-A", households=60),
    AreaSpec("unit", "C1-A-1-1", "1单元", "C1-A-1", households=30),
    AreaSpec("unit", "C1-A-1-2", "2单元", "C1-A-1", households=30),
    AreaSpec("unit", "C1-A-2-1", "1单元", "C1-A-2", households=30),
    AreaSpec("compound", "C2-B", "老粮库家属楼", "C2", households=48, is_managed=False),
)
"""Seven areas that need a warden: two compounds, two buildings, three units."""


@dataclass(frozen=True)
class City:
    """The city's areas by code, and its emergency."""

    areas: dict[str, Area]
    emergency: Emergency

    def area(self, code: str) -> Area:
        return self.areas[code]


def build_city(*, deputies: bool = True) -> City:
    create_areas(AREAS, actor=OFFICER, now=NOON)
    areas = {area.code: area for area in Area.objects.select_related("level", "parent")}
    emergency = activate(
        actor=OFFICER,
        now=NOON,
        code="ice",
        name_zh="冰冻灾害",
        name_en="Ice",
        response_level=2,
        area=areas["2207"],
        deputy_levels=None if deputies else [],
    )
    return City(areas, emergency)


def settle(code: str, name: str, home: str | None = None, work: str | None = None, **facts: object) -> Person:
    """Let a person live, and perhaps work, in the city."""
    values = {"may_serve": True, "max_appointments": 1, "consented_at": NOON, **facts}
    return Person.objects.create(
        code=code,
        name=name,
        home_area=Area.objects.get(code=home) if home else None,
        work_area=Area.objects.get(code=work) if work else None,
        **values,
    )
