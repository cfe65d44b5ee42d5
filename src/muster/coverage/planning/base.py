"""The rows that a plan of coverage is made from, as arrays, and their digest."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import numpy as np
from django.db.models import Q, QuerySet
from django.utils import timezone
from numpy.typing import NDArray

from muster.coverage.kinds import AppointmentRole
from muster.coverage.models import Appointment
from muster.coverage.planning.tree import Int32s, Int64s, Tree, read_tree, widest_ring
from muster.coverage.rules import find_exclusions
from muster.emergencies.models import Emergency
from muster.emergencies.queries import get_warden_rules, list_required_areas, scope_filter
from muster.kernel.clock import CITY_ZONE
from muster.people.models import Absence, Person
from muster.plans.rules import fingerprint
from muster.territory.models import Area
from muster.territory.queries import beneath_filter

PersonRow = tuple[int, int | None, int | None, bool, bool, int]


@dataclass(frozen=True, eq=False)
class People:
    """People as arrays, ordered by number.

    Parameters
    ----------
    ids
        Numbers of the people.
    home, work
        Places in the tree, -1 where unknown or outside.
    exclusion
        Place in ``rules.EXCLUSION_ORDER`` of what keeps them from serving, -1 for nothing.
    room
        In how many areas they may serve within the plan: their limit less appointments elsewhere.
    """

    ids: Int64s
    home: Int32s
    work: Int32s
    exclusion: NDArray[np.int8]
    room: Int32s


@dataclass(frozen=True, eq=False)
class Base:
    """All that a plan of coverage is made from.

    Parameters
    ----------
    tree
        The areas in which candidates are looked for.
    area
        Places in the tree of the areas that need a warden.
    demand
        For each of them 1 (a warden) or 2 (a deputy too).
    people
        Everybody who lives or works there, or serves in the areas now.
    warden, deputy
        For each area whom it has now, as a place among the people; -1 for nobody.
    """

    tree: Tree
    area: Int32s
    demand: NDArray[np.int8]
    people: People
    warden: Int64s
    deputy: Int64s

    @property
    def area_ids(self) -> Int64s:
        """Numbers of the areas that need a warden."""
        return self.tree.ids[self.area]

    def person_ids(self, places: Int64s) -> Int64s:
        """Return the numbers of people by their places; -1 stays -1."""
        if not len(self.people.ids):
            return np.full(places.shape, -1, np.int64)
        return np.where(places >= 0, self.people.ids[places], -1)

    def parts(self) -> dict[str, NDArray[Any]]:
        """Return everything that, if it changes, makes a plan stale."""
        tree, people = self.tree, self.people
        return {
            "area_ids": self.area_ids,
            "demand": self.demand,
            "tree": np.stack([tree.ids, tree.parent.astype(np.int64), tree.level]),
            "points": np.stack([tree.lon, tree.lat]),
            "person_ids": people.ids,
            "person_facts": np.stack([people.home, people.work, people.exclusion.astype(np.int32), people.room]),
            "standing": np.stack([self.person_ids(self.warden), self.person_ids(self.deputy)]),
        }

    def fingerprint(self) -> str:
        """Return the digest of the parts."""
        return fingerprint(self.parts())


def read_base(emergency: Emergency, area: Area, now: datetime) -> Base:
    """Read the rows that coverage of an area is planned from.

    Parameters
    ----------
    emergency, area
        What is planned.
    now
        The moment whose local day decides who is absent.
    """
    ring = widest_ring(area)
    tree = read_tree(ring)
    required = list_required_areas(emergency, area).values_list("pk", "level_id")
    rows = list(required.iterator(chunk_size=20_000))
    rules = get_warden_rules(emergency)
    places = tree.places(np.array([row[0] for row in rows], np.int64))
    demand = np.array([1 + rules[row[1]] for row in rows], np.int8)
    standing = _read_standing(emergency, area)
    people = _read_people(emergency, area, ring, tree, now, {person for _, _, person in standing})
    warden, deputy = (_place_standing(standing, role, tree, places, people) for role in AppointmentRole)
    return Base(tree, places, demand, people, warden, deputy)


def _read_standing(emergency: Emergency, area: Area) -> list[tuple[int, str, int]]:
    active = Appointment.objects.filter(scope_filter(emergency, area, "area__path"), emergency=emergency, ends_at=None)
    return list(active.values_list("area_id", "role", "person_id").iterator(chunk_size=20_000))


def _place_standing(
    standing: list[tuple[int, str, int]], role: AppointmentRole, tree: Tree, places: Int32s, people: People
) -> Int64s:
    """Return whom each area has in a role, as a place among the people."""
    of_role = [(area, person) for area, held, person in standing if held == role]
    row_of_place = np.full(len(tree.ids), -1, np.int64)
    row_of_place[places] = np.arange(len(places))
    found = np.full(len(places), -1, np.int64)
    if of_role:
        pairs = np.array(of_role, np.int64)
        rows = row_of_place[tree.places(pairs[:, 0])]
        holders = np.searchsorted(people.ids, pairs[:, 1])
        found[rows[rows >= 0]] = holders[rows >= 0]
    return found


def _read_people(emergency: Emergency, area: Area, ring: Area, tree: Tree, now: datetime, standing: set[int]) -> People:
    rows = sorted(_person_rows(ring, standing))
    ids = np.array([row[0] for row in rows], np.int64)
    home, work = (tree.places(np.array([row[at] or -1 for row in rows], np.int64)) for at in (1, 2))
    serves, consented = (np.array([row[at] for row in rows], bool) for at in (3, 4))
    limit = np.array([row[5] for row in rows], np.int32)
    room = limit - _count_elsewhere(emergency, area, ids)
    return People(ids, home, work, find_exclusions(serves, consented, np.isin(ids, _read_absent(now)), room), room)


def _person_rows(ring: Area, standing: set[int]) -> Iterator[PersonRow]:
    at_home = Person.objects.filter(beneath_filter(ring, "home_area__path"))
    at_work = Person.objects.filter(beneath_filter(ring, "work_area__path"))
    seen: set[int] = set()
    for people in (at_home, at_work):
        for row in _columns(people):
            if row[0] not in seen:
                seen.add(row[0])
                yield row
    missing = sorted(standing - seen)
    for start in range(0, len(missing), 500):
        yield from _columns(Person.objects.filter(pk__in=missing[start : start + 500]))


def _columns(people: QuerySet[Person]) -> Iterator[PersonRow]:
    rows = people.values_list("pk", "home_area_id", "work_area_id", "may_serve", "consented_at", "max_appointments")
    for pk, home, work, may_serve, consented_at, limit in rows.iterator(chunk_size=20_000):
        yield pk, home, work, may_serve, consented_at is not None, limit


def _read_absent(now: datetime) -> Int64s:
    today = timezone.localtime(now, CITY_ZONE).date()
    absences = Absence.objects.filter(starts_on__lte=today, ends_on__gt=today)
    return np.array(sorted(set(absences.values_list("person_id", flat=True))), np.int64)


def _count_elsewhere(emergency: Emergency, area: Area, ids: Int64s) -> Int32s:
    """Count each person's active appointments outside what is planned, in any emergency."""
    planned = Q(scope_filter(emergency, area, "area__path"), emergency=emergency)
    elsewhere = Appointment.objects.filter(ends_at=None, emergency__ends_at=None).exclude(planned)
    people = np.array(list(elsewhere.values_list("person_id", flat=True).iterator(chunk_size=20_000)), np.int64)
    known = people[np.isin(people, ids)]
    return np.bincount(np.searchsorted(ids, known), minlength=len(ids)).astype(np.int32)
