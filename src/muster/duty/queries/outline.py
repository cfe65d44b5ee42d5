"""What a roster holds before any of its rows is read: whose rows, in which order, and how many places are empty.

A roster of thousands of people is looked at through a window of some forty rows. Its outline is read once, from
arrays; the rows are read when they come into sight, by their numbers, so that a window never skips or repeats
somebody because the order changed meanwhile.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import NamedTuple

import numpy as np
from django.db.models import QuerySet

from muster.duty.models import Duty
from muster.duty.queries.crew import list_crew
from muster.duty.queries.fairness import HOURS_BIN, read_span_loads
from muster.duty.queries.roster import (
    PersonRow,
    PostRow,
    make_person_row,
    make_person_rows,
    make_post_rows,
    name_organizations,
    read_cells,
    shifts_within,
)
from muster.duty.queries.spans import (
    EpochMinutes,
    list_days,
    local_days,
    local_midnight,
    planned_duties,
    read_duties,
)
from muster.duty.rules import BoolArray, IntArray
from muster.emergencies.models import Emergency
from muster.people.models import Person
from muster.territory.models import Area

NUMBERS_PER_QUERY = 900


class PostKey(NamedTuple):
    """Which row of a roster by posts: a post on a pattern."""

    post_id: int
    pattern_id: int


@dataclass(frozen=True, slots=True)
class RosterOutline:
    """A roster without its rows.

    Parameters
    ----------
    days
        Local days of the span, in order.
    people
        Numbers of the people, in the order of their rows.
    posts, lines
        Keys of the rows by posts in the order of the tree, and how many people the fullest day of each has or needs.
    missing
        How many places each day has with nobody, in the order of the days.
    places, places_unfilled
        How many places the shifts have, and how many of them have nobody.
    """

    days: Sequence[date]
    people: Sequence[int]
    posts: Sequence[PostKey]
    lines: Sequence[int]
    missing: Sequence[int]
    places: int
    places_unfilled: int


@dataclass(frozen=True, slots=True)
class RosterSpan:
    """Which roster: an emergency's shifts at the posts of an area and beneath it, in a half-open span of days."""

    emergency: Emergency
    area: Area
    starts_on: date
    ends_on: date


def read_outline(
    span: RosterSpan,
    *,
    is_by_name: bool = False,
    pool: QuerySet[Person] | None = None,
    text: str = "",
    among: Collection[int] | None = None,
    lacking_on: Collection[date] = (),
) -> RosterOutline:
    """Read what a roster holds; 20,000 shifts and 36,000 duties in about a third of a second.

    Parameters
    ----------
    span
        Which roster.
    is_by_name
        Whether people come in the order of their names; otherwise who carries most comes first.
    pool
        Who is there too although they have no duty, as from ``list_pool``; nobody where it is None.
    text
        Only people whose name, pinyin or code holds it.
    among
        Only these people, by number; all where it is None.
    lacking_on
        Only posts that lack people on one of these days; all where none is named.
    """
    shifts = _read_shifts(span)
    duties = read_duties(_duties_of(span))
    order = np.argsort(shifts.number)
    at = order[np.searchsorted(shifts.number, duties.shift, sorter=order)] if len(shifts.number) else duties.shift
    placed = np.bincount(at, minlength=len(shifts.number))
    missing = np.maximum(shifts.needed - placed, 0)
    wanted = np.isin(shifts.day, [day.toordinal() for day in lacking_on]) & (missing > 0)
    posts, lines = _outline_posts(shifts, placed + (missing > 0), wanted if lacking_on else np.ones_like(wanted))
    first = span.starts_on.toordinal()
    by_day = np.bincount(shifts.day - first, missing, (span.ends_on - span.starts_on).days)
    people, place = np.unique(duties.spans.person, return_inverse=True)
    minutes = np.bincount(place, duties.spans.end_min - duties.spans.start_min, len(people))
    loads = {
        one: carried
        for one, carried in zip(people.tolist(), minutes.tolist(), strict=True)
        if among is None or one in among
    }
    return RosterOutline(
        days=list_days(span.starts_on, span.ends_on),
        people=_order_people(loads, None if among is not None else pool, is_by_name=is_by_name, text=text),
        posts=posts,
        lines=lines,
        missing=[int(count) for count in by_day],
        places=int(shifts.needed.sum()),
        places_unfilled=int(missing.sum()),
    )


class _Shifts(NamedTuple):
    """Shifts as arrays of one length, in the order of their posts' rows."""

    number: IntArray
    post: IntArray
    pattern: IntArray
    needed: IntArray
    day: IntArray


def _read_shifts(span: RosterSpan) -> _Shifts:
    rows = shifts_within(span.emergency, span.area, span.starts_on, span.ends_on).order_by(
        "post__area__path", "post__code", "pattern__start_min", "pattern__slug", "starts_at"
    )
    found = rows.values_list("pk", "post_id", "pattern_id", "needed", EpochMinutes("starts_at"))
    table = np.array(list(found.iterator(chunk_size=10_000)), np.int64).reshape(-1, 5)
    number, post, pattern, needed, starts_min = table.T
    return _Shifts(number, post, pattern, needed, local_days(starts_min))


def _duties_of(span: RosterSpan) -> QuerySet[Duty]:
    first, last = local_midnight(span.starts_on), local_midnight(span.ends_on)
    return planned_duties(span.emergency, span.area).filter(starts_at__gte=first, starts_at__lt=last)


def _outline_posts(shifts: _Shifts, people: IntArray, wanted: BoolArray) -> tuple[list[PostKey], list[int]]:
    keys = [PostKey(*key) for key in zip(shifts.post.tolist(), shifts.pattern.tolist(), strict=True)]
    shown = {key for key, is_wanted in zip(keys, wanted.tolist(), strict=True) if is_wanted}
    lines: dict[PostKey, int] = {}
    for key, count in zip(keys, people.tolist(), strict=True):
        if key in shown:
            lines[key] = max(lines.get(key, 1), count)
    return list(lines), list(lines.values())


class _Named(NamedTuple):
    """A person as the order of rows and the search need them."""

    number: int
    code: str
    name: str
    pinyin: str


def _order_people(
    minutes: Mapping[int, float], pool: QuerySet[Person] | None, *, is_by_name: bool, text: str
) -> list[int]:
    found = _name_people(list(minutes))
    if pool is not None:
        everybody = (_Named(*row) for row in pool.values_list("pk", "code", "name", "pinyin"))
        found += [one for one in everybody if one.number not in minutes]
    typed = text.strip().lower()
    kept = [one for one in found if not typed or _is_called(one, typed)]
    if is_by_name:
        return [one.number for one in sorted(kept, key=lambda one: (one.pinyin, one.name, one.code))]
    return [one.number for one in sorted(kept, key=lambda one: (-minutes.get(one.number, 0), one.name, one.code))]


def _is_called(one: _Named, typed: str) -> bool:
    return typed in one.name.lower() or typed.replace(" ", "") in one.pinyin or one.code.lower().startswith(typed)


def _name_people(numbers: Sequence[int]) -> list[_Named]:
    named = []
    for start in range(0, len(numbers), NUMBERS_PER_QUERY):
        people = Person.objects.filter(pk__in=numbers[start : start + NUMBERS_PER_QUERY])
        named += [_Named(*row) for row in people.values_list("pk", "code", "name", "pinyin")]
    return named


def find_carriers(span: RosterSpan, load: str, amount: int) -> set[int]:
    """Find who carries an amount of nights, weekends or hours, by number, as ``get_fairness`` counts them.

    Parameters
    ----------
    span
        Which roster.
    load
        ``nights``, ``weekends`` or ``hours``.
    amount
        In the four weeks before the span and with it; of hours the lower edge of a bin.
    """
    _, after = read_span_loads(span.emergency, span.area, span.starts_on, span.ends_on)
    carried = {"nights": after.nights, "weekends": after.weekends, "hours": after.hours // HOURS_BIN * HOURS_BIN}[load]
    return set(after.person[carried == amount].tolist())


def list_pool(span: RosterSpan) -> QuerySet[Person]:
    """List who may be asked to stand at the posts of a roster: whoever serves and has to do with their pools."""
    shifts = shifts_within(span.emergency, span.area, span.starts_on, span.ends_on)
    pools = Area.objects.filter(pk__in=shifts.order_by().values("post__pool_area"))
    return list_crew(span.emergency, list(pools))


def list_person_rows(span: RosterSpan, people: Sequence[int], *, among: QuerySet[Person]) -> list[PersonRow]:
    """List the rows of some people by number, in the order of the numbers.

    Parameters
    ----------
    span
        Which roster.
    people
        Numbers, as an outline gives them.
    among
        Whom to show although they have no duty in it; others without one are left out.
    """
    cells = read_cells(_duties_of(span).filter(person__in=people))
    rows = {row.number: row for row in make_person_rows(cells)}
    without = among.filter(pk__in=[number for number in people if number not in rows])
    named = list(without.values_list("pk", "code", "name"))
    belongs = name_organizations([code for _, code, _ in named])
    rows.update({pk: make_person_row(pk, code, name, belongs.get(code, "")) for pk, code, name in named})
    return [rows[number] for number in people if number in rows]


def list_post_rows(span: RosterSpan, keys: Collection[PostKey]) -> list[PostRow]:
    """List the rows of some posts on some patterns, in the order of the tree."""
    shifts = shifts_within(span.emergency, span.area, span.starts_on, span.ends_on)
    shifts = shifts.filter(post__in={key.post_id for key in keys}, pattern__in={key.pattern_id for key in keys})
    cells = read_cells(Duty.objects.filter(shift__in=shifts))
    wanted = set(keys)
    rows = make_post_rows(shifts, cells)
    return [row for row in rows if PostKey(row.post_id, row.pattern_id) in wanted]
