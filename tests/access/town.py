"""A small city for tests of lists and rights: two counties, and who lives in them."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

from muster.access.actions import create_user
from muster.access.models import User
from muster.access.queries import SystemActor
from muster.organizations.actions import write_organizations
from muster.people.actions import write_people
from muster.territory.actions import create_areas
from muster.territory.kinds import AreaSpec
from muster.territory.models import Area

NOON = datetime(2020, 2, 10, 4, 0, tzinfo=UTC)
CLERK = SystemActor("clerk")
PASSWORD = "lantern-over-the-river"

AREAS = (
    AreaSpec("city", "2207", "松原市"),
    AreaSpec("county", "220702", "宁江区", "2207"),
    AreaSpec("township", "T1", "团结街道", "220702"),
    AreaSpec("community", "C1", "松林社区", "T1"),
    AreaSpec("compound", "C1-A", "明珠小区", "C1", households=120, is_managed=True, lon=124.8, lat=45.17),
    AreaSpec("county", "220722", "长岭县", "2207"),
    AreaSpec("township", "T2", "长岭镇", "220722"),
    AreaSpec("community", "C2", "江畔社区", "T2"),
)


def build_town() -> dict[str, Area]:
    create_areas(AREAS, actor=CLERK, now=NOON)
    write_organizations(
        [
            {"code": "HOSPITAL", "name": "中心医院", "kind": "hospital", "seat": "C1", "people_offered": 20},
            {"code": "WARD", "name": "内科支部", "kind": "branch", "seat": "C1", "parent": "HOSPITAL"},
            {"code": "MILL", "name": "面粉厂", "kind": "enterprise", "seat": "C2"},
        ],
        actor=CLERK,
        now=NOON,
    )
    write_people(
        [
            {"code": "WANG", "name": "王秀兰", "home": "C1-A", "phone": "+8613812345678"},
            {"code": "LI", "name": "李建国", "home": "C2", "work": "C1"},
            {"code": "ZHAO", "name": "赵铁柱", "home": "C2"},
            {"code": "SUN", "name": "孙无家"},
        ],
        actor=CLERK,
        now=NOON,
    )
    return {area.code: area for area in Area.objects.select_related("level")}


def give_account(role: str, *, area: Area | None = None, username: str = "") -> User:
    return create_user(
        actor=CLERK,
        now=NOON,
        username=username or role,
        password=PASSWORD,
        display_name=role,
        role=role,
        area=area,
    )


def write_csv(path: Path, *lines: str) -> Path:
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return path
