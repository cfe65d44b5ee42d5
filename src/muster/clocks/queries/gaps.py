"""Open gaps by age, and their number by kind."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, Exists, OuterRef, Q, QuerySet

from muster.access.kinds import RIGHTS, Right
from muster.access.queries import Actor, SystemActor, access_area, list_grants, may
from muster.clocks.kinds import GapKind
from muster.clocks.models import URGENCY, Gap, GapStep
from muster.emergencies.models import Emergency
from muster.emergencies.queries import scope_filter
from muster.kernel.errors import NotFoundError
from muster.territory.models import Area, Level
from muster.territory.queries import read_names, say_place
from muster.territory.rules import STEP_CHARS, ancestor_paths, subtree_range

OWNER_LEVEL = "community"
"""Gaps belong to the office of this level, or of the nearest one above."""


@dataclass(frozen=True, slots=True)
class Among:
    """Which of the open gaps are meant; what is None says nothing.

    Parameters
    ----------
    kind
        Of what kind.
    owner
        Whose they are to close.
    opened_from, opened_until
        When they opened, half-open.
    """

    kind: GapKind | None = None
    owner: Area | None = None
    opened_from: datetime | None = None
    opened_until: datetime | None = None

    def condition(self) -> Q:
        """Return the condition on rows of gaps."""
        asked = {
            "kind": self.kind,
            "owner_area": self.owner,
            "since_at__gte": self.opened_from,
            "since_at__lt": self.opened_until,
        }
        return Q(**{name: value for name, value in asked.items() if value is not None})


ALL_OPEN = Among()


@dataclass(frozen=True, slots=True)
class OwnerAges:
    """The open gaps that an office owns, by age: one number for each span of ages asked for."""

    owner: Area
    counts: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Owners:
    """Which area's office owns a gap, for all areas within one.

    Parameters
    ----------
    by_path
        Areas that have an office, by path.
    fallback_id
        Where there is none on the way up: the area asked about.
    """

    by_path: dict[str, int]
    fallback_id: int

    def find(self, path: str) -> int:
        """Find the owner of a gap at a path: the nearest office on the way up, itself included."""
        # Asked for every area of a city, so that no list of the paths above is made.
        for end in range(len(path), 0, -STEP_CHARS):
            owner = self.by_path.get(path[:end])
            if owner is not None:
                return owner
        return self.fallback_id


def list_open_gaps(emergency: Emergency, area: Area, kind: GapKind | None = None) -> QuerySet[Gap]:
    """List the open gaps within an area, oldest first, each with its area and owner."""
    return _with_places(_filter_open(emergency, area, Among(kind))).order_by("since_at", "pk")


def _filter_open(emergency: Emergency, area: Area, among: Among) -> QuerySet[Gap]:
    return Gap.objects.filter(_within(emergency, area), among.condition(), emergency=emergency, closed_at=None)


def _with_places(gaps: QuerySet[Gap]) -> QuerySet[Gap]:
    return gaps.select_related("area__level", "owner_area__level")


def list_pressing(
    emergency: Emergency, area: Area, among: Among = ALL_OPEN, *, offset: int = 0, limit: int
) -> list[Gap]:
    """List some open gaps of an area: places with nobody first, oldest first; missing deputies after them.

    Two queries: which gaps these are is read from an index alone, where a district has a hundred thousand.

    Parameters
    ----------
    emergency, area, among
        Where, and which.
    offset, limit
        Which part of the list.
    """
    # A stored urgency would be read from the rows: SQLite takes no generated column from an index.
    urgency = "urgency" if _is_all(emergency, area) else URGENCY
    found = _filter_open(emergency, area, among).order_by(urgency, "since_at", "pk").values_list("pk", flat=True)
    rows = _with_places(Gap.objects.all()).in_bulk(list(found[offset : offset + limit]))
    return sorted(rows.values(), key=lambda gap: (gap.urgency, gap.since_at, gap.pk))


def count_among(emergency: Emergency, area: Area, among: Among) -> int:
    """Count some of the open gaps within an area."""
    return _filter_open(emergency, area, among).count()


def list_owner_ages(
    emergency: Emergency, area: Area, spans: Sequence[Among], kind: GapKind | None = None, *, limit: int
) -> list[OwnerAges]:
    """List the offices that own open gaps within an area, those with the most first, in two queries.

    Parameters
    ----------
    emergency, area, kind
        See ``list_open_gaps``.
    spans
        What to count for each: spans of time in which gaps opened.
    limit
        How many offices to list.
    """
    counted = {f"span_{number}": Count("pk", filter=span.condition()) for number, span in enumerate(spans)}
    grouped = _filter_open(emergency, area, Among(kind)).order_by().values("owner_area").annotate(all=Count("pk"))
    # As plain tuples: the order of the columns is that of the spans.
    rows = list(grouped.annotate(**counted).order_by("-all", "owner_area").values_list("owner_area", *counted)[:limit])
    offices = Area.objects.select_related("level").in_bulk([row[0] for row in rows])
    return [OwnerAges(offices[row[0]], tuple(row[1:])) for row in rows]


def _is_all(emergency: Emergency, area: Area) -> bool:
    return emergency.area.path.startswith(area.path)


def _within(emergency: Emergency, area: Area) -> Q:
    """Return the filter of gaps within an area; of the whole emergency there is nothing to filter by."""
    if _is_all(emergency, area):
        return Q()
    # A condition on numbers, not a join: only so does SQLite start from the areas, of which there are fewer.
    return Q(area__in=Area.objects.filter(scope_filter(emergency, area)).values("pk"))


def count_open_gaps(emergency: Emergency, area: Area, kinds: Collection[str] = GapKind.values) -> dict[str, int]:
    """Count the open gaps of some kinds within an area by their rows; a kind with none is 0.

    All kinds are counted from the areas, of which there should be few. Some kinds are counted from their gaps,
    of which there should be few.
    """
    counts = dict.fromkeys(kinds, 0)
    gaps = Gap.objects.filter(emergency=emergency, closed_at=None, kind__in=kinds)
    if len(counts) == len(GapKind):
        gaps = gaps.filter(_within(emergency, area))
    elif not _is_all(emergency, area):
        gaps = gaps.filter(Exists(Area.objects.filter(scope_filter(emergency, area), pk=OuterRef("area"))))
    counts.update(gaps.values_list("kind").annotate(count=Count("pk")))
    return counts


def read_office_rank() -> int:
    """Read the rank of the lowest level that has offices; 0 where the tree has no such level."""
    return Level.objects.filter(slug=OWNER_LEVEL).values_list("rank", flat=True).first() or 0


def read_owners(area: Area) -> Owners:
    """Read the owners of gaps within an area, in two queries."""
    rank = read_office_rank()
    low, high = subtree_range(area.path)
    near = Q(path__gte=low, path__lt=high) | Q(path__in=ancestor_paths(area.path))
    offices = Area.objects.filter(near, level__rank__lte=rank).values_list("path", "pk")
    return Owners(dict(offices.iterator()), area.pk)


def access_gap(actor: Actor, number: int) -> Gap:
    """Fetch an open gap for an actor who may report where it is.

    Parameters
    ----------
    actor
        Who asks.
    number
        The gap's.

    Raises
    ------
    NotFoundError
        If there is no such gap, or the actor may not even see it.
    NotAllowedError
        If the actor sees it but may not act on it.
    """
    gap = find_gap(actor, number)
    if gap is None:
        raise NotFoundError("There is no such gap.", remedy="Look at the list: it may have closed.")
    access_area(actor, gap.area.code, right=Right.REPORT)
    return gap


def find_gap(actor: Actor, number: int) -> Gap | None:
    """Find a gap, open or closed, where an actor may see; None where there is none, or not for them."""
    related = Gap.objects.select_related("emergency__area__level", "area__level", "owner_area__level")
    gap = related.filter(pk=number).first()
    return gap if gap is not None and may(actor, Right.SEE_AREA, gap.area) else None


def find_own_office(actor: Actor, area: Area) -> Area | None:
    """Find the office from which an actor acts on what lies in an area: the nearest of those given to them."""
    if isinstance(actor, SystemActor):
        return None
    given = [grant.area for grant in list_grants(actor) if Right.REPORT in RIGHTS[grant.role]]
    paths = [scope.path for scope in given if scope is not None and area.path.startswith(scope.path)]
    offices = Area.objects.filter(path__in=paths, level__rank__lte=read_office_rank())
    return offices.select_related("level").order_by("-path").first()


def find_clock_owner(gap: Gap) -> int:
    """Find whose a gap is by its clock alone: the office that it last reached, or the one that it began with."""
    reached = GapStep.objects.filter(gap=gap, rank__isnull=False, area__isnull=False).order_by("rank")
    office = reached.values_list("area_id", flat=True).first()
    return office if office is not None else read_owners(gap.area).find(gap.area.path)


def say_places(gaps: Iterable[Gap]) -> dict[int, str]:
    """Say where gaps are, by number: the names from beneath their owner down; two queries.

    Parameters
    ----------
    gaps
        With their areas and owners.
    """
    rows = list(gaps)
    names = read_names([gap.area for gap in rows])
    return {gap.pk: say_place(gap.area, names, below=gap.owner_area) for gap in rows}
