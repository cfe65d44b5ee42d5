"""The roster of an area, by people and by posts, day by day."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import Exists, OuterRef, QuerySet

from muster.duty.kinds import CheckInKind, DutyState
from muster.duty.models import CheckIn, Duty, Shift
from muster.duty.queries.spans import list_days, local_midnight, shifts_of
from muster.emergencies.models import Emergency
from muster.kernel.clock import CITY_ZONE
from muster.membership.models import Membership
from muster.territory.models import Area

SATURDAY = 6


@dataclass(frozen=True, slots=True)
class PatternWords:
    """A shift pattern as a screen writes it."""

    slug: str
    name_zh: str
    name_en: str
    short_zh: str
    short_en: str
    is_night: bool


@dataclass(frozen=True, slots=True)
class DutyCell:
    """One duty in the roster.

    Parameters
    ----------
    duty_id, shift_id, person_id
        Numbers of the rows.
    day
        Local day on which it starts.
    has_come
        Whether somebody reported that the person came.
    is_overridden
        Whether an officer overrode a rule of rest for it.
    """

    duty_id: int
    shift_id: int
    person_id: int
    person_code: str
    person_name: str
    post_code: str
    post_name: str
    pattern: PatternWords
    day: date
    starts_at: datetime
    ends_at: datetime
    has_come: bool
    is_overridden: bool


@dataclass(frozen=True, slots=True)
class PersonRow:
    """A person's duties in the span; ``organization`` is empty for a resident of none.

    Parameters
    ----------
    number
        Of the person's row.
    """

    number: int
    code: str
    name: str
    organization: str
    cells: dict[date, list[DutyCell]]
    minutes: int
    nights: int
    weekend_days: int


@dataclass(frozen=True, slots=True)
class ShiftCell:
    """A shift and who stands on it."""

    shift_id: int
    day: date
    starts_at: datetime
    ends_at: datetime
    needed: int
    duties: list[DutyCell]

    @property
    def missing(self) -> int:
        """How many people it lacks."""
        return max(0, self.needed - len(self.duties))


@dataclass(frozen=True, slots=True)
class PostRow:
    """The shifts of a post on one pattern.

    Parameters
    ----------
    post_id, pattern_id
        Numbers of their rows.
    """

    post_id: int
    pattern_id: int
    post_code: str
    post_name: str
    kind_zh: str
    kind_en: str
    area_code: str
    pattern: PatternWords
    cells: dict[date, ShiftCell]


@dataclass(frozen=True, slots=True)
class RosterView:
    """A roster to look at.

    Parameters
    ----------
    days
        Local days of the span, in order.
    people
        By name, those with at least one duty.
    posts
        By area, post and time of day.
    places, places_unfilled
        How many places the shifts have, and how many of them have nobody.
    """

    days: Sequence[date]
    people: list[PersonRow]
    posts: list[PostRow]
    places: int
    places_unfilled: int


def list_roster(emergency: Emergency, area: Area, starts_on: date, ends_on: date) -> RosterView:
    """List who stands where in an area and beneath it, in a half-open span of local days.

    Parameters
    ----------
    emergency, area
        Whose shifts, at posts where.
    starts_on, ends_on
        A duty belongs to the day on which it starts.
    """
    shifts = shifts_within(emergency, area, starts_on, ends_on)
    cells = read_cells(Duty.objects.filter(shift__in=shifts))
    posts = make_post_rows(shifts, cells)
    shift_cells = [cell for row in posts for cell in row.cells.values()]
    return RosterView(
        days=list_days(starts_on, ends_on),
        people=make_person_rows(cells),
        posts=posts,
        places=sum(cell.needed for cell in shift_cells),
        places_unfilled=sum(cell.missing for cell in shift_cells),
    )


def shifts_within(emergency: Emergency, area: Area, starts_on: date, ends_on: date) -> QuerySet[Shift]:
    """Return the shifts of an area and beneath it that begin in a half-open span of local days."""
    first, last = local_midnight(starts_on), local_midnight(ends_on)
    return shifts_of(emergency, area).filter(starts_at__gte=first, starts_at__lt=last)


def read_cells(duties: QuerySet[Duty]) -> list[DutyCell]:
    """Read those of some duties that stand, in the order of their starts."""
    came = CheckIn.objects.filter(duty=OuterRef("pk"), kind=CheckInKind.IN)
    standing = duties.filter(state=DutyState.PLANNED).annotate(has_come=Exists(came))
    standing = standing.select_related("person", "shift__post", "shift__pattern").defer("person__phone")
    return [_cell(duty) for duty in standing.order_by("starts_at", "pk")]


def _cell(duty: Duty) -> DutyCell:
    return DutyCell(
        duty_id=duty.pk,
        shift_id=duty.shift_id,
        person_id=duty.person_id,
        person_code=duty.person.code,
        person_name=duty.person.name,
        post_code=duty.shift.post.code,
        post_name=duty.shift.post.name,
        pattern=_words(duty.shift),
        day=duty.starts_at.astimezone(CITY_ZONE).date(),
        starts_at=duty.starts_at,
        ends_at=duty.ends_at,
        has_come=bool(getattr(duty, "has_come", False)),
        is_overridden=bool(duty.override_by),
    )


def _words(shift: Shift) -> PatternWords:
    pattern = shift.pattern
    return PatternWords(
        pattern.slug, pattern.name_zh, pattern.name_en, pattern.short_zh, pattern.short_en, pattern.is_night
    )


def make_person_rows(cells: Iterable[DutyCell]) -> list[PersonRow]:
    """Make a row of each person who has a duty, by name."""
    by_person: dict[tuple[str, str, int], list[DutyCell]] = defaultdict(list)
    for cell in cells:
        by_person[cell.person_name, cell.person_code, cell.person_id].append(cell)
    belongs = name_organizations([code for _, code, _ in by_person])
    return [
        make_person_row(number, code, name, belongs.get(code, ""), by_person[name, code, number])
        for name, code, number in sorted(by_person)
    ]


def make_person_row(number: int, code: str, name: str, organization: str, cells: Sequence[DutyCell] = ()) -> PersonRow:
    """Make a person's row of their duties, or an empty one."""
    by_day: dict[date, list[DutyCell]] = defaultdict(list)
    for cell in cells:
        by_day[cell.day].append(cell)
    return PersonRow(
        number=number,
        code=code,
        name=name,
        organization=organization,
        cells=dict(by_day),
        minutes=sum(int((cell.ends_at - cell.starts_at).total_seconds()) // 60 for cell in cells),
        nights=sum(cell.pattern.is_night for cell in cells),
        weekend_days=sum(day.isoweekday() >= SATURDAY for day in by_day),
    )


def name_organizations(codes: Sequence[str]) -> dict[str, str]:
    """Return the name of one organization that each of the people belongs to, by code of the person."""
    names: dict[str, str] = {}
    for start in range(0, len(codes), 500):
        members = Membership.objects.filter(person__code__in=codes[start : start + 500], until_on=None)
        names.update(members.order_by("-since_on").values_list("person__code", "organization__name"))
    return names


def make_post_rows(shifts: QuerySet[Shift], cells: Iterable[DutyCell]) -> list[PostRow]:
    """Make a row of each post and pattern that has shifts, by area, post and time of day."""
    by_shift: dict[int, list[DutyCell]] = defaultdict(list)
    for cell in cells:
        by_shift[cell.shift_id].append(cell)
    rows: dict[tuple[int, int], PostRow] = {}
    order = ("post__area__path", "post__code", "pattern__start_min", "pattern__slug", "starts_at")
    ordered = shifts.select_related("post__kind", "post__area", "pattern").order_by(*order)
    for shift in ordered:
        row = rows.setdefault((shift.post_id, shift.pattern_id), _empty_post_row(shift))
        day = shift.starts_at.astimezone(CITY_ZONE).date()
        duties = by_shift.get(shift.pk, [])
        row.cells[day] = ShiftCell(shift.pk, day, shift.starts_at, shift.ends_at, shift.needed, duties)
    return list(rows.values())


def _empty_post_row(shift: Shift) -> PostRow:
    post = shift.post
    return PostRow(
        post_id=post.pk,
        pattern_id=shift.pattern_id,
        post_code=post.code,
        post_name=post.name,
        kind_zh=post.kind.name_zh,
        kind_en=post.kind.name_en,
        area_code=post.area.code,
        pattern=_words(shift),
        cells={},
    )
