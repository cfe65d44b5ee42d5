"""How the rounds of a day stand: at a few places for whoever answers for them, over an area for its office."""

from __future__ import annotations

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from django.db.models import Q, QuerySet

from muster.coverage.kinds import AppointmentRole
from muster.coverage.models import Appointment
from muster.emergencies.models import Emergency
from muster.kernel.batches import batches
from muster.kernel.clock import CITY_ZONE
from muster.kernel.errors import NotFoundError
from muster.needs.models import MarkedDoor, WatchCheck, WatchDuty, WatchMiss, WatchRound
from muster.needs.queries.watch_places import WatchPlace, read_own_places, read_places
from muster.needs.rules.watching import DONE, Hand, RoundSpan, WatchState, find_hand, judge_round
from muster.territory.models import Area
from muster.territory.queries import beneath_filter
from muster.territory.rules import ancestor_paths

_WITH_DUTY = ("watch__area", "watch__emergency__area", "watch__level")
_Key = tuple[int, int, str]
"""A round, an area and a door, by number and word."""


@dataclass(frozen=True, slots=True)
class WatchCell:
    """How one round stands at one place.

    Parameters
    ----------
    state
        How it stands; None where it is not due.
    was_missed
        Whether nobody had looked when it fell to the community, also where somebody has since.
    checks
        What was reported, oldest first.
    """

    state: WatchState | None
    was_missed: bool = False
    checks: tuple[WatchCheck, ...] = ()

    @property
    def last(self) -> WatchCheck | None:
        """The report that came last in time, if there is one."""
        return self.checks[-1] if self.checks else None


@dataclass(frozen=True, slots=True)
class WatchTask:
    """A round at one place, as whoever answers for the place has it today.

    Parameters
    ----------
    round, area, door
        Which round, and where.
    cell
        How it stands.
    hand
        Whose it is by now.
    roles
        What the person asked about is to the area.
    """

    round: WatchRound
    area: Area
    door: str
    cell: WatchCell
    hand: Hand
    roles: tuple[str, ...]

    @property
    def is_mine(self) -> bool:
        """Whether it is in the hands of whoever was asked about, or was done."""
        return self.cell.state in DONE or self.hand in self.roles or AppointmentRole.WARDEN in self.roles


def day_span(day: date) -> tuple[datetime, datetime]:
    """Return the half-open span of moments of a local day."""
    starts, ends = (datetime.combine(one, time(), tzinfo=CITY_ZONE) for one in (day, day + timedelta(days=1)))
    return starts, ends


def span_of(one: WatchRound) -> RoundSpan:
    """Return the moments of a round, to be ruled on."""
    return RoundSpan(one.opens_at, one.starts_at, one.deputy_at, one.community_at, one.closes_at)


def list_watch_duties(emergency: Emergency, area: Area) -> QuerySet[WatchDuty]:
    """List the watch duties that reach into an area, those that have ended last."""
    near = Q(area__path__in=ancestor_paths(area.path)) | beneath_filter(area, "area__path")
    found = WatchDuty.objects.filter(near, emergency=emergency).select_related("area__level", "level", "emergency")
    return found.order_by("-ends_on", "pk")


def get_watch_duty(emergency: Emergency, slug: str) -> WatchDuty:
    """Get a watch duty of an emergency by its slug.

    Raises
    ------
    NotFoundError
        If there is none.
    """
    found = WatchDuty.objects.filter(emergency=emergency, slug=slug)
    watch = found.select_related("area__level", "level", "emergency__area").first()
    if watch is None:
        raise NotFoundError("There is no such watch duty.", where=slug)
    return watch


def list_marked_doors(watch: WatchDuty) -> QuerySet[MarkedDoor]:
    """List the doors that a watch duty of a mark looks after, in the order of the tree."""
    doors = MarkedDoor.objects.filter(emergency=watch.emergency, mark=watch.mark, until_at=None)
    return doors.filter(beneath_filter(watch.area, "area__path")).select_related("area").order_by("area__path", "door")


def list_rounds_of(emergency: Emergency, area: Area, day: date) -> list[WatchRound]:
    """List the rounds of a local day that reach into an area, by duty and time."""
    first, last = day_span(day)
    rounds = WatchRound.objects.filter(
        watch__in=list_watch_duties(emergency, area).order_by().values("pk"), starts_at__gte=first, starts_at__lt=last
    )
    return list(
        rounds.select_related("watch__area", "watch__emergency__area", "watch__level").order_by("watch", "starts_at")
    )


def get_round(emergency: Emergency, number: int) -> WatchRound:
    """Get a round of an emergency by its number.

    Raises
    ------
    NotFoundError
        If there is none.
    """
    found = WatchRound.objects.filter(watch__emergency=emergency, pk=number)
    one = found.select_related(*_WITH_DUTY).first()
    if one is None:
        raise NotFoundError(f"There is no round {number}.")
    return one


def read_cells(
    rounds: Sequence[WatchRound], places: Mapping[int, Collection[WatchPlace]], now: datetime
) -> dict[_Key, WatchCell]:
    """Read how rounds stand at places, in two queries for every 900 areas.

    Parameters
    ----------
    rounds, now
        Which rounds, and the present moment.
    places
        The places that each duty reaches now, by its number. What was done or missed elsewhere, before the duty
        was changed, is told as well.

    Returns
    -------
    dict
        By number of the round, number of the area, and door; nothing for a settled round that a place was not
        part of.
    """
    areas = {place.area_id for some in places.values() for place in some}
    checks = _read_checks(rounds, areas)
    misses = _read_misses(rounds, areas)
    cells: dict[_Key, WatchCell] = {}
    for one in rounds:
        due = set() if one.settled_at else {(one.pk, place.area_id, place.door) for place in places[one.watch_id]}
        for key in due | {key for key in (*checks, *misses) if key[0] == one.pk}:
            found = tuple(checks.get(key, ()))
            state = judge_round(span_of(one), now, [check.is_well for check in found])
            cells[key] = WatchCell(state, key in misses, found)
    return cells


def _read_checks(rounds: Sequence[WatchRound], areas: Collection[int]) -> dict[_Key, list[WatchCheck]]:
    """Read the checks of rounds at areas, each with the round that it counts for."""
    spans = _order_by_duty(rounds)
    found: dict[_Key, list[WatchCheck]] = defaultdict(list)
    for some in batches(areas if rounds else ()):
        checks = WatchCheck.objects.filter(
            watch__in=spans,
            area__in=some,
            at__gte=min(one.opens_at for one in rounds),
            at__lt=max(one.closes_at for one in rounds),
        )
        for check in checks.order_by("at", "client_id"):
            one = _find_round(spans[check.watch_id], check.at)
            if one is not None:
                found[one.pk, check.area_id, check.door].append(check)
    return found


def _order_by_duty(rounds: Iterable[WatchRound]) -> dict[int, list[WatchRound]]:
    spans: dict[int, list[WatchRound]] = defaultdict(list)
    for one in sorted(rounds, key=lambda each: each.opens_at):
        spans[one.watch_id].append(one)
    return spans


def _find_round(rounds: Sequence[WatchRound], at: datetime) -> WatchRound | None:
    index = bisect_right(rounds, at, key=lambda each: each.opens_at) - 1
    return rounds[index] if index >= 0 and at < rounds[index].closes_at else None


def _read_misses(rounds: Iterable[WatchRound], areas: Collection[int]) -> set[_Key]:
    numbers = [one.pk for one in rounds]
    return {
        key
        for some in batches(areas)
        for key in WatchMiss.objects.filter(round__in=numbers, area__in=some).values_list("round_id", "area_id", "door")
    }


def list_own_tasks(person_id: int | None, now: datetime) -> list[WatchTask]:
    """List what a warden or deputy has to look after today, and what was done of it, by time and place.

    Nothing for an account that is nobody's. A round is the warden's from its beginning; the deputy has it as well
    where it has fallen to them.
    """
    own = Appointment.objects.filter(person=person_id, ends_at=None, emergency__ends_at=None)
    roles: dict[int, dict[Area, list[str]]] = defaultdict(lambda: defaultdict(list))
    emergencies: dict[int, Emergency] = {}
    for one in own.select_related("area__level", "area__parent", "emergency__area").order_by("area__path"):
        emergencies[one.emergency_id] = one.emergency
        roles[one.emergency_id][one.area].append(one.role)
    tasks = [task for number, areas in roles.items() for task in list_tasks(emergencies[number], areas, now)]
    return [task for task in tasks if task.is_mine]


def list_tasks(emergency: Emergency, areas: Mapping[Area, Sequence[str]], now: datetime) -> list[WatchTask]:
    """List the rounds of today at a few areas, by time and place.

    Parameters
    ----------
    emergency, now
        Which emergency, and the moment whose local day is today. What began yesterday and still counts is told.
    areas
        The areas, each with what whoever asks is to it.
    """
    first, last = day_span(now.astimezone(CITY_ZONE).date())
    rounds = WatchRound.objects.filter(watch__emergency=emergency, starts_at__lt=last).filter(
        Q(starts_at__gte=first) | Q(starts_at__gte=first - timedelta(days=1), closes_at__gt=now)
    )
    found = list(rounds.select_related(*_WITH_DUTY).order_by("starts_at"))
    watches = {one.watch_id: one.watch for one in found}
    places = {number: read_own_places(watch, areas) for number, watch in watches.items()}
    by_number = {area.pk: area for area in areas}
    holders = _read_roles(emergency, by_number)
    cells = read_cells(found, places, now)
    order = {one.pk: one for one in found}
    tasks = [
        WatchTask(
            round=order[number],
            area=by_number[area_id],
            door=door,
            cell=cell,
            hand=_hand(order[number], now, holders[area_id]),
            roles=tuple(areas[by_number[area_id]]),
        )
        for (number, area_id, door), cell in cells.items()
    ]
    return sorted(tasks, key=lambda task: (task.round.starts_at, task.round.watch_id, task.area.path, task.door))


def _hand(one: WatchRound, now: datetime, roles: Collection[str]) -> Hand:
    return find_hand(
        span_of(one),
        now,
        has_warden=AppointmentRole.WARDEN in roles,
        has_deputy=AppointmentRole.DEPUTY in roles,
    )


def _read_roles(emergency: Emergency, areas: Iterable[int]) -> dict[int, set[str]]:
    roles: dict[int, set[str]] = defaultdict(set)
    for some in batches(areas):
        held = Appointment.objects.filter(emergency=emergency, area__in=some, ends_at=None)
        for area_id, role in held.values_list("area_id", "role"):
            roles[area_id].add(role)
    return roles


def read_places_of(rounds: Iterable[WatchRound], area: Area) -> dict[int, list[WatchPlace]]:
    """Read the places within an area that the duties of rounds reach, by number of the duty."""
    watches = {one.watch_id: one.watch for one in rounds}
    return {number: read_places(watch, area) for number, watch in watches.items()}
