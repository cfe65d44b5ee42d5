"""What somebody asks of a roster: by people or posts, which days, in which order, and whom among them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import cached_property
from typing import Literal

from django.http import HttpRequest
from django.urls import reverse

from muster.access.queries import filter_people
from muster.duty.queries import PostKey, RosterOutline, RosterSpan, find_carriers, list_pool, read_outline
from muster.emergencies.queries import get_active
from muster.kernel.clock import CITY_ZONE
from muster.kernel.errors import NotFoundError
from muster.situation.board import Frame
from muster.web.places import read_day

SPANS_DAYS = (7, 14, 30)
USUAL_DAYS = 14
ROWS_AT_ONCE = 80
LOADS = ("nights", "weekends", "hours")
_OF_ONE_PLACE = ("duty", "shift", "page", "rows")


@dataclass(frozen=True)
class Asked:
    """A roster as an address names it.

    Parameters
    ----------
    code
        Of the area.
    by
        Whether a row is a person or a post on a pattern.
    starts_on, days
        The span.
    find
        What name, pinyin or code of a person should hold.
    is_by_name, has_pool
        Whether people come by name, and whether those without a duty are there too.
    carrying
        ``nights``, ``weekends`` or ``hours`` and an amount: only who carries that much. None for all.
    lacking
        ``any``, or a day: only posts that lack people then. Empty for all.
    kept
        The query of the address without what names one place or page.
    """

    code: str
    by: Literal["people", "posts"]
    starts_on: date
    days: int
    find: str
    is_by_name: bool
    has_pool: bool
    carrying: tuple[str, int] | None
    lacking: str
    kept: str

    @property
    def ends_on(self) -> date:
        """Return the day after the last."""
        return self.starts_on + timedelta(days=self.days)

    @property
    def last_on(self) -> date:
        """Return the last day."""
        return self.ends_on - timedelta(days=1)

    @property
    def earlier_on(self) -> date:
        """Return where the span before begins."""
        return self.starts_on - timedelta(days=self.days)

    @property
    def is_narrowed(self) -> bool:
        """Tell whether some rows are left out."""
        return bool(self.find or self.carrying if self.by == "people" else self.lacking)

    @cached_property
    def base(self) -> str:
        """Return the address of the roster up to where a duty or a shift is named."""
        address = reverse("roster", args=[self.code])
        return f"{address}?{self.kept}&" if self.kept else f"{address}?"

    def span(self, frame: Frame) -> RosterSpan:
        """Return the span to ask for, in the emergency that holds there."""
        return RosterSpan(get_active(frame.area), frame.area, self.starts_on, self.ends_on)

    def read_outline(self, frame: Frame, span: RosterSpan) -> RosterOutline:
        """Read the outline of what is asked for; of the pool only whom the actor may see."""
        return read_outline(
            span,
            is_by_name=self.is_by_name,
            pool=filter_people(frame.actor, list_pool(span)) if self.has_pool else None,
            text=self.find,
            among=find_carriers(span, *self.carrying) if self.carrying else None,
            lacking_on=self._list_lacking_days(span) if self.by == "posts" else (),
        )

    def _list_lacking_days(self, span: RosterSpan) -> list[date]:
        days = [span.starts_on + timedelta(days=number) for number in range(self.days)]
        return [day for day in days if self.lacking in {"any", day.isoformat()}]


def read_asked(request: HttpRequest, code: str, now: datetime) -> Asked:
    """Read what an address asks for; what makes no sense becomes the usual."""
    params = request.GET.copy()
    for name in _OF_ONE_PLACE:
        params.pop(name, None)
    typed = params.get("days", "")
    days = int(typed) if typed in map(str, SPANS_DAYS) else USUAL_DAYS
    return Asked(
        code=code,
        by="posts" if params.get("by") == "posts" else "people",
        starts_on=read_day(request, "from", now.astimezone(CITY_ZONE).date()),
        days=days,
        find=params.get("find", "").strip()[:40],
        is_by_name=params.get("order") == "name",
        has_pool=params.get("pool") == "yes",
        carrying=_read_carrying(params.get("carry", "")),
        lacking=params.get("lacking", ""),
        kept=params.urlencode(),
    )


def _read_carrying(typed: str) -> tuple[str, int] | None:
    load, _, amount = typed.partition("-")
    known = load in LOADS and amount.isascii() and amount.isdigit() and len(amount) < 5
    return (load, int(amount)) if known else None


def read_people(request: HttpRequest) -> list[int]:
    """Read the people whose rows are asked for, by number, at most so many at once.

    Raises
    ------
    NotFoundError
        If something else is named.
    """
    return [_read_number(word) for word in _read_words(request)]


def read_posts(request: HttpRequest) -> list[PostKey]:
    """Read the posts whose rows are asked for, at most so many at once.

    Raises
    ------
    NotFoundError
        If something else is named.
    """
    pairs = [word.partition("-") for word in _read_words(request)]
    return [PostKey(_read_number(post), _read_number(pattern)) for post, _, pattern in pairs]


def _read_words(request: HttpRequest) -> list[str]:
    asked = request.GET.get("rows", "") or request.POST.get("rows", "")
    return [word for word in asked.split(",") if word][:ROWS_AT_ONCE]


def _read_number(word: str) -> int:
    if not (word.isascii() and word.isdigit() and len(word) <= 18):
        raise NotFoundError("No row is named.")
    return int(word)
