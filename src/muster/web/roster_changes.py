"""What a planned roster would change, as a grid of people and days."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any

from django.http import HttpRequest
from django.utils.translation import gettext as _

from muster.duty.planning import ChangeKind, DutyChange, RosterDifference
from muster.kernel.clock import CITY_ZONE
from muster.situation.board import Frame
from muster.web.paging import read_page
from muster.web.roster_grid import Day, draw_days

ChangeLine = tuple[str, Sequence[tuple[Day, DutyChange | None]]]


def draw_changes(request: HttpRequest, frame: Frame, plan: Any, difference: RosterDifference) -> dict[str, Any]:
    """Draw one page of people whose days would change, and the numbers of changes by kind."""
    days = draw_days(_list_days(plan.starts_on, plan.ends_on), frame.now.astimezone(CITY_ZONE).date())
    by_person: dict[tuple[str, str], dict[date, DutyChange]] = defaultdict(dict)
    for change in difference.changes:
        by_person[change.person_name, change.person_code][change.day] = change
    page = read_page(request, len(by_person))
    people = sorted(by_person)[page.offset : page.end]
    words = {ChangeKind.NEW: _("new"), ChangeKind.MOVED: _("moved"), ChangeKind.DROPPED: _("dropped")}
    return {
        "grid_days": days,
        "changes": [(key[0], [(day, by_person[key].get(day.day)) for day in days]) for key in people],
        "page": page,
        "duty_counts": [(kind.value, word, difference.count(kind)) for kind, word in words.items()],
    }


def _list_days(starts_on: date, ends_on: date) -> list[date]:
    return [starts_on + timedelta(days=number) for number in range((ends_on - starts_on).days)]
