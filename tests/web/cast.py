"""The small city with people, posts and accounts: what the screens are tried on."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from muster.access.actions import create_user
from muster.access.kinds import Role
from muster.access.queries import SystemActor
from muster.coverage.actions import appoint, pair
from muster.coverage.kinds import AppointmentRole
from muster.duty.actions import ensure_shifts
from muster.duty.actions.posts import PostSpec, write_posts
from muster.kernel import clock
from muster.organizations.models import Organization
from muster.people.models import Person
from muster.web.catalogs import compile_catalogs
from tests.coverage.city import NOON, City, build_city, settle

ADMINISTRATOR = SystemActor("administrator")
PASSWORD = "mei-you-ren-luo-xia"
RESIDENTS = (
    ("P1", "王秀兰", "C1-A-1-1"),
    ("P2", "李建国", "C1-A-1-2"),
    ("P3", "赵桂英", "C1-A-2-1"),
    ("P4", "孙海涛", "C1-A-2-1"),
    ("P5", "周芳", "C1-A-1-1"),
    ("P6", "吴建国", "C1-A-1-2"),
)
ACCOUNTS = {
    "officer": (Role.DUTY_OFFICER, "2207", "值班员"),
    "worker": (Role.COMMUNITY_WORKER, "C2", "江畔社区干事"),
    "auditor": (Role.AUDITOR, "2207", "审计员"),
}


@dataclass(frozen=True)
class Cast:
    """The city, and who lives in it."""

    city: City
    people: dict[str, Person]


def build_cast() -> Cast:
    """Build the city at noon of an exercise: one unit has its warden, everything else is a gap."""
    compile_catalogs()
    city = build_city()
    clock.set_exercise(NOON)
    people = {code: settle(code, name, home, home[:2], max_appointments=3) for code, name, home in RESIDENTS}
    for username, (role, code, name) in ACCOUNTS.items():
        create_user(
            actor=ADMINISTRATOR,
            now=NOON,
            username=username,
            password=PASSWORD,
            display_name=name,
            role=role,
            area=city.area(code),
        )
    appoint(
        actor=ADMINISTRATOR,
        now=NOON,
        emergency=city.emergency,
        area=city.area("C1-A-1-1"),
        person=people["P1"],
        role=AppointmentRole.WARDEN,
    )
    archive = Organization.objects.create(
        code="O1", name="市档案馆", kind="agency", seat_area=city.area("C1"), people_offered=9
    )
    pair(
        actor=ADMINISTRATOR,
        now=NOON,
        emergency=city.emergency,
        organization=archive,
        area=city.area("C2"),
        duties=["gate", "delivery"],
        people=4,
    )
    _lay_out_posts(city)
    return Cast(city, people)


def _lay_out_posts(city: City) -> None:
    east_gate = PostSpec("C1-EAST", "东门卡口", "gate", area="C1", pool="C1", demand={"morning": 1})
    write_posts(actor=ADMINISTRATOR, now=NOON, specs=[east_gate])
    today = date(2020, 2, 10)
    ensure_shifts(
        actor=ADMINISTRATOR,
        now=NOON,
        emergency=city.emergency,
        area=city.area("2207"),
        starts_on=today,
        ends_on=today + timedelta(days=7),
    )
