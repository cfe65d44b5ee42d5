"""A stable cast: a subdistrict of two communities, its posts and its people."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

from django.db import connection

from muster.access.queries import SystemActor
from muster.duty.actions import PostSpec, ensure_shifts, write_posts
from muster.duty.models import Duty, Post, Shift
from muster.emergencies.models import Emergency
from muster.kernel.clock import CITY_ZONE
from muster.kernel.errors import MusterError
from muster.people.models import Person
from muster.territory.models import Area, Level
from muster.territory.rules import encode_step

OFFICER = SystemActor("Officer Han")
MONDAY = date(2020, 2, 10)
EIGHT = datetime(2020, 2, 10, 8, tzinfo=CITY_ZONE)
"""Monday morning, when everything begins."""
PEOPLE = ("Bai", "Chen", "Deng", "Fan", "Gao", "He", "Jin", "Kong", "Liu", "Ma", "Niu", "Pan")


@dataclass(frozen=True)
class Town:
    """A city with one subdistrict, two communities in it, and an emergency."""

    city: Area
    township: Area
    wenyuan: Area
    jinghu: Area
    emergency: Emergency


def build_town() -> Town:
    """Build the areas, and an emergency that has been on since the first of February."""
    city = _area("22", "City", "city", None, 0)
    township = _area("2207", "Wenhua", "township", city, 0)
    wenyuan = _area("220701", "Wenyuan", "community", township, 0)
    jinghu = _area("220702", "Jinghu", "community", township, 1)
    emergency = Emergency.objects.create(
        code="flood",
        name_zh="防汛",
        name_en="flood",
        response_level=2,
        area=city,
        starts_at=datetime(2020, 2, 1, tzinfo=UTC),
    )
    return Town(city, township, wenyuan, jinghu, emergency)


def _area(code: str, name: str, level: str, parent: Area | None, ordinal: int) -> Area:
    path = (parent.path if parent else "") + encode_step(ordinal)
    return Area.objects.create(
        code=code, name=name, level=Level.objects.get(slug=level), parent=parent, path=path, lon=124.8, lat=45.1
    )


def add_post(town: Town, code: str = "gate", *, area: Area | None = None, **demand: int) -> Post:
    """Add a post whose pool is the subdistrict: a gate of Wenyuan that needs two in the morning by default."""
    place = area or town.wenyuan
    spec = PostSpec(
        code=code,
        name=f"{place.name} {code}",
        kind="gate",
        area=place.code,
        pool=town.township.code,
        demand=demand or {"morning": 2},
    )
    write_posts(actor=OFFICER, now=EIGHT, specs=[spec])
    return Post.objects.get(code=code)


def add_person(town: Town, name: str, **fields: object) -> Person:
    """Add somebody who lives in Wenyuan and has agreed to serve."""
    values: dict[str, object] = {"home_area": town.wenyuan, "consented_at": EIGHT, "code": name, "name": name}
    return Person.objects.create(**{**values, **fields})


def lay_out(town: Town, *, days: int = 14, starts_on: date = MONDAY, now: datetime | None = None) -> None:
    """Lay out the shifts of a fortnight from Monday, seen from the Saturday before."""
    ensure_shifts(
        actor=OFFICER,
        now=now or EIGHT - timedelta(days=2),
        emergency=town.emergency,
        area=town.city,
        starts_on=starts_on,
        ends_on=starts_on + timedelta(days=days),
    )


def find_shift(post: Post, day: int, pattern: str = "morning") -> Shift:
    """Return the post's shift of the day, counted from Monday."""
    on = MONDAY + timedelta(days=day)
    return next(
        shift
        for shift in Shift.objects.filter(post=post, pattern__slug=pattern).select_related("post", "emergency")
        if shift.starts_at.astimezone(CITY_ZONE).date() == on
    )


def place(shift: Shift, person: Person, **fields: object) -> Duty:
    """Write a duty as it stands, no rule asked."""
    return Duty.objects.create(
        shift=shift,
        person=person,
        starts_at=shift.starts_at,
        ends_at=shift.ends_at,
        changed_at=EIGHT - timedelta(days=2),
        **fields,
    )


def at_once(*acts: Callable[[], object]) -> list[object]:
    """Run the acts in threads of their own and return what each returned or raised."""

    def run(act: Callable[[], object]) -> object:
        try:
            return act()
        except MusterError as error:
            return error
        finally:
            connection.close()

    with ThreadPoolExecutor(len(acts)) as pool:
        return list(pool.map(run, acts))
