"""Which records may stand twice, what each of two says, and which became one."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import combinations
from typing import Any

from django.db.models import Count, Q, QuerySet

from muster.access.kinds import Right
from muster.access.queries import Actor, filter_organizations, filter_people
from muster.duplicates.hindrances import Hindrance, list_organization_hindrances, list_person_hindrances
from muster.duplicates.kinds import Likeness, RecordKind
from muster.duplicates.models import KeptApart, Merge
from muster.duplicates.rules import (
    ORGANIZATION_FACETS,
    PERSON_FACETS,
    Facet,
    choose_values,
    suggest,
)
from muster.kernel.errors import NotFoundError
from muster.membership.models import Membership
from muster.organizations.models import Organization
from muster.people.models import Person
from muster.people.queries import living_or_working
from muster.territory.models import Area
from muster.territory.queries import beneath_filter, list_outside

PAIRS = 50
"""So many pairs are shown; the next come up once these are done with."""
_GROUPS = 400
_IN_GROUP = 6


@dataclass(frozen=True, slots=True)
class Pair:
    """Two records that may be one, and what makes them look so."""

    first: Any
    second: Any
    likenesses: tuple[Likeness, ...]


@dataclass(frozen=True, slots=True)
class FacetLine:
    """What two records say about one thing, and whose word is suggested."""

    facet: Facet
    kept: Any
    other: Any
    suggested: str

    @property
    def differs(self) -> bool:
        """Tell whether there is anything to choose."""
        return bool(self.kept != self.other)


@dataclass(frozen=True, slots=True)
class Comparison:
    """Two records side by side, what of the other would come over, and what keeps them from becoming one."""

    kept: Any
    other: Any
    lines: Sequence[FacetLine]
    moving: Mapping[str, int]
    hindrances: Sequence[Hindrance]


def list_people_pairs(actor: Actor, area: Area) -> list[Pair]:
    """List pairs of people of an area who may be one person, those with most in common first.

    Only people whom the actor may both change are compared; pairs that somebody kept apart are left out.
    """
    found: dict[tuple[int, int], set[Likeness]] = defaultdict(set)
    for likeness, numbers in _list_people_groups(area):
        for pair in combinations(sorted(numbers)[:_IN_GROUP], 2):
            found[pair].add(likeness)
    people = Person.objects.select_related("home_area", "work_area")
    return _as_pairs(RecordKind.PERSON, found, filter_people(actor, people, Right.IMPORT))


def list_organization_pairs(actor: Actor, area: Area) -> list[Pair]:
    """List pairs of organizations seated in an area that may be one; as ``list_people_pairs``."""
    found: dict[tuple[int, int], set[Likeness]] = defaultdict(set)
    seated = Organization.objects.filter(beneath_filter(area, "seat_area__path"))
    alike = (
        seated.exclude(pinyin="").order_by("pinyin").values("pinyin").annotate(count=Count("pk")).filter(count__gt=1)
    )
    sounds = [row["pinyin"] for row in alike[:_GROUPS]]
    groups: dict[str, list[tuple[int, int]]] = defaultdict(list)
    for pk, sound, seat in seated.filter(pinyin__in=sounds).values_list("pk", "pinyin", "seat_area_id"):
        groups[sound].append((pk, seat))
    for group in groups.values():
        for first, second in combinations(sorted(group)[:_IN_GROUP], 2):
            likeness = Likeness.NAME_AND_SEAT if first[1] == second[1] else Likeness.NAME
            found[first[0], second[0]].add(likeness)
    organizations = Organization.objects.select_related("seat_area", "parent")
    return _as_pairs(RecordKind.ORGANIZATION, found, filter_organizations(actor, organizations, Right.IMPORT))


def _list_people_groups(area: Area) -> Iterator[tuple[Likeness, list[int]]]:
    yield from _group_by_phone(area)
    yield from _group_by_home(area)
    yield from _group_by_organization(area)


def _group_by_phone(area: Area) -> Iterator[tuple[Likeness, list[int]]]:
    with_phone = Person.objects.exclude(phone_index="")
    near = with_phone
    if list_outside(area).exists():
        near = with_phone.filter(phone_index__in=living_or_working(area).exclude(phone_index="").values("phone_index"))
    shared = near.order_by("phone_index").values("phone_index").annotate(count=Count("pk")).filter(count__gt=1)
    indexes = [row["phone_index"] for row in shared[:_GROUPS]]
    rows = with_phone.filter(phone_index__in=indexes).values_list("phone_index", "pk")
    for numbers in _gather(rows).values():
        yield Likeness.PHONE, numbers


def _group_by_home(area: Area) -> Iterator[tuple[Likeness, list[int]]]:
    living = Person.objects.filter(beneath_filter(area, "home_area__path")).exclude(pinyin="")
    alike = living.order_by("home_area", "pinyin").values("home_area", "pinyin").annotate(count=Count("pk"))
    groups = alike.filter(count__gt=1)[:_GROUPS]
    wanted = {(row["home_area"], row["pinyin"]) for row in groups}
    rows = Person.objects.filter(home_area__in={home for home, _ in wanted}, pinyin__in={sound for _, sound in wanted})
    found: dict[tuple[int | None, str], list[tuple[int, str]]] = defaultdict(list)
    for pk, home, sound, name in rows.values_list("pk", "home_area_id", "pinyin", "name"):
        found[home, sound].append((pk, name))
    for key in wanted:
        names = {name for _, name in found[key]}
        likeness = Likeness.NAME_AND_HOME if len(names) < len(found[key]) else Likeness.SOUND_AND_HOME
        yield likeness, [pk for pk, _ in found[key]]


def _group_by_organization(area: Area) -> Iterator[tuple[Likeness, list[int]]]:
    members = Membership.objects.filter(beneath_filter(area, "organization__seat_area__path"), until_on=None)
    alike = members.order_by().values("organization", "person__name").annotate(count=Count("pk")).filter(count__gt=1)
    for row in alike[:_GROUPS]:
        same = members.filter(organization=row["organization"], person__name=row["person__name"])
        yield Likeness.NAME_AND_ORGANIZATION, list(same.values_list("person_id", flat=True))


def _gather(rows: Iterable[tuple[str, int]]) -> dict[str, list[int]]:
    gathered: dict[str, list[int]] = defaultdict(list)
    for key, pk in rows:
        gathered[key].append(pk)
    return gathered


def _as_pairs(kind: RecordKind, found: Mapping[tuple[int, int], set[Likeness]], seen: QuerySet[Any]) -> list[Pair]:
    rows = {row.pk: row for row in seen.filter(pk__in={pk for pair in found for pk in pair})}
    apart = set(KeptApart.objects.filter(kind=kind).values_list("first_code", "second_code"))
    order = list(Likeness)
    pairs = [
        Pair(rows[first], rows[second], tuple(sorted(likenesses, key=order.index)))
        for (first, second), likenesses in found.items()
        if first in rows and second in rows and tuple(sorted((rows[first].code, rows[second].code))) not in apart
    ]
    # The same name says more than the same telephone, which a family may share.
    ordered = sorted(
        pairs, key=lambda pair: (pair.first.name != pair.second.name, -len(pair.likenesses), pair.first.pk)
    )
    return ordered[:PAIRS]


def compare_people(kept: Person, other: Person, choices: Mapping[str, str], now: datetime) -> Comparison:
    """Compare two records of a person: what each says, what would come over, what keeps them apart."""
    values = choose_values(PERSON_FACETS, kept, other, choices)
    hindrances = list_person_hindrances(kept, other, values, now)
    return Comparison(kept, other, _list_lines(PERSON_FACETS, kept, other, choices), _count_moving(other), hindrances)


def compare_organizations(kept: Organization, other: Organization, choices: Mapping[str, str]) -> Comparison:
    """Compare two records of an organization; as ``compare_people``."""
    lines = _list_lines(ORGANIZATION_FACETS, kept, other, choices)
    return Comparison(kept, other, lines, _count_moving(other), list_organization_hindrances(kept, other))


def _list_lines(facets: Sequence[Facet], kept: Any, other: Any, choices: Mapping[str, str]) -> list[FacetLine]:
    return [
        FacetLine(
            facet=facet,
            kept=getattr(kept, facet.compared),
            other=getattr(other, facet.compared),
            suggested=choices[facet.name] if choices.get(facet.name) in facet.choices else suggest(facet, kept, other),
        )
        for facet in facets
    ]


def _count_moving(other: Any) -> dict[str, int]:
    """Count what refers to a record, by the label of its model."""
    counts: dict[str, int] = {}
    for relation in other._meta.get_fields(include_hidden=True):
        if relation.one_to_many or (relation.one_to_one and relation.auto_created):
            rows = relation.related_model._default_manager.filter(**{relation.field.name: other})
            label = relation.related_model._meta.label
            counts[label] = counts.get(label, 0) + rows.count()
    return {label: count for label, count in counts.items() if count}


def list_merges(kind: RecordKind, codes: Iterable[str]) -> QuerySet[Merge]:
    """List the merges of which some codes were a part, newest first."""
    said = list(codes)
    return Merge.objects.filter(Q(kept_code__in=said) | Q(merged_code__in=said), kind=kind)


def get_merge(number: int) -> Merge:
    """Get a merge by its number.

    Raises
    ------
    NotFoundError
        If there is none.
    """
    found = Merge.objects.filter(pk=number).first()
    if found is None:
        raise NotFoundError("There is no such merge.", remedy="Look at the record's page.")
    return found


def may_be_undone(merge: Merge, now: datetime, kept_days: int) -> bool:
    """Tell whether it is still known what a merge changed."""
    return merge.undone_at is None and bool(merge.changes) and merge.merged_at > now - timedelta(days=kept_days)
