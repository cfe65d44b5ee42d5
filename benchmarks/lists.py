"""How long a page of the people of an area takes, for every filter and order, on what the data folder holds.

``MUSTER_DATA=FOLDER muster bench lists``. The first page is asked for with its count, the next one by the key that the
first ended with; of each the median of five is kept, as it passed and as it took the processor.
"""

from __future__ import annotations

import os
import statistics
import time
from collections.abc import Callable
from pathlib import Path

import django
from measuring import Row, format_table, write_results

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "muster.config.settings")
django.setup()

from muster.emergencies.queries import find_active  # noqa: E402  # models load after Django
from muster.kernel import clock  # noqa: E402
from muster.people.models import Person  # noqa: E402
from muster.situation.lists.kinds import (  # noqa: E402
    Availability,
    PeopleSort,
    PhoneFilter,
    PlaceFilter,
    RoleFilter,
)
from muster.situation.lists.people import PeoplePage, read_people  # noqa: E402
from muster.situation.lists.people_found import PeopleFilter  # noqa: E402
from muster.territory.models import Area  # noqa: E402
from muster.territory.queries import get_area, list_roots  # noqa: E402

TIMES = 5
FILTERS = {
    "all": PeopleFilter(),
    "a common name": PeopleFilter(text="wang"),
    "a rare name": PeopleFilter(text="王秀"),
    "a name of nobody": PeopleFilter(text="zhuzhuzhu"),
    "lives here": PeopleFilter(place=PlaceFilter.HOME),
    "works here": PeopleFilter(place=PlaceFilter.WORK),
    **{f"role: {role.value}": PeopleFilter(role=role) for role in RoleFilter},
    **{f"today: {each.value}": PeopleFilter(availability=each) for each in Availability},
    "drives": PeopleFilter(ability="driver"),
    "can what nobody can": PeopleFilter(ability="nothing"),
    "without a telephone": PeopleFilter(phone=PhoneFilter.NO),
    **{f"sorted: {sort.value}": PeopleFilter(sort=sort) for sort in PeopleSort if sort is not PeopleSort.NAME},
}


def run(out: Path, *, code: str = "") -> list[Row]:
    """Measure every filter of an area, or of each area at the top.

    Parameters
    ----------
    out
        Folder of the results.
    code
        Code of the area; those at the top without it.
    """
    areas = [get_area(code)] if code else list(list_roots())
    rows = [_measure(area, name, asked) for area in areas for name, asked in FILTERS.items()]
    print(format_table(rows))
    write_results(out, "lists", rows, people=Person.objects.count())
    return rows


def _measure(area: Area, name: str, asked: PeopleFilter) -> Row:
    emergency, now = find_active(area), clock.now()
    page, first_ms, first_cpu_ms = _time(lambda: read_people(asked, area, emergency, now))
    row: Row = {
        "area": area.code,
        "filter": name,
        "count": page.total.count,
        "is_exact": page.total.is_exact,
        "first_ms": first_ms,
        "first_cpu_ms": first_cpu_ms,
    }
    if page.next_code:
        _, next_ms, next_cpu_ms = _time(lambda: read_people(asked, area, emergency, now, after=page.next_code))
        row.update(next_ms=next_ms, next_cpu_ms=next_cpu_ms)
    else:
        row.update(next_ms="", next_cpu_ms="")
    return row


def _time(ask: Callable[[], PeoplePage]) -> tuple[PeoplePage, float, float]:
    """Return what was asked for, and the medians of the milliseconds that passed and of those of the processor."""
    walls, processors = [], []
    for _ in range(TIMES):
        began, worked = time.perf_counter(), time.process_time()
        page = ask()
        walls.append(time.perf_counter() - began)
        processors.append(time.process_time() - worked)
    return page, round(1000 * statistics.median(walls), 1), round(1000 * statistics.median(processors), 1)
