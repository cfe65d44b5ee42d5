"""Open gaps as the desk lists them: the empty place said in full, its age, its owner, and why."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from muster.access.queries import Actor, filter_people
from muster.clocks.kinds import GapKind
from muster.clocks.models import Gap
from muster.coverage.queries import LedgerRow
from muster.duty.models import Post
from muster.duty.queries.gaps import GapName, read_gap_subject
from muster.people.models import Person
from muster.territory.models import Area
from muster.territory.queries import read_names, say_place

NAMES_PER_QUERY = 500
SHIFT_KINDS = frozenset({GapKind.SHIFT_UNFILLED, GapKind.POST_UNATTENDED})
"""Gaps that are named as a shift is: by post, start and length."""


@dataclass(frozen=True, slots=True)
class GapLine:
    """A gap, and where it is: the names of the areas from its owner down to it, or a post and when.

    ``starts_at`` and ``ends_at`` are those of a shift without its people, None for a gap of an area.
    """

    gap: Gap
    place: str
    starts_at: datetime | None = None
    ends_at: datetime | None = None


def list_gap_lines(gaps: Iterable[Gap]) -> list[GapLine]:
    """List gaps with their places said in full, in one query for all names of areas and one for posts."""
    rows = list(gaps)
    shifts = {gap.pk: read_gap_subject(gap.subject) for gap in rows if gap.kind in SHIFT_KINDS}
    posts = dict(Post.objects.filter(code__in={name.post_code for name in shifts.values()}).values_list("code", "name"))
    names = read_names([gap.area for gap in rows if gap.pk not in shifts])
    return [
        _shift_line(gap, shifts[gap.pk], posts)
        if gap.pk in shifts
        else GapLine(gap, say_place(gap.area, names, below=gap.owner_area))
        for gap in rows
    ]


def _shift_line(gap: Gap, name: GapName, posts: Mapping[str, str]) -> GapLine:
    return GapLine(gap, posts.get(name.post_code, gap.area.name), name.starts_at, name.ends_at)


@dataclass(frozen=True, slots=True)
class LedgerLine:
    """A row of the ledger, and where it is."""

    row: LedgerRow
    place: str


def read_row_places(rows: Sequence[LedgerRow], within: Area) -> list[LedgerLine]:
    """Say where the rows of a ledger are, from beneath an area down, in two queries."""
    areas = {area.pk: area for area in Area.objects.filter(pk__in=[row.area_id for row in rows])}
    names = read_names(areas.values())
    return [LedgerLine(row, say_place(areas[row.area_id], names, below=within)) for row in rows]


def read_remedy_names(actor: Actor, details: Iterable[Mapping[str, Any]]) -> dict[str, str]:
    """Read the names of the people that the reasons of some gaps speak of, as far as the actor may see them."""
    codes = {
        code
        for detail in details
        for remedy in detail.get("remedies", ())
        if isinstance(remedy, Mapping)
        for code in remedy.get("people", ())
    }
    ordered = sorted(codes)
    names: dict[str, str] = {}
    for start in range(0, len(ordered), NAMES_PER_QUERY):
        batch = ordered[start : start + NAMES_PER_QUERY]
        seen = filter_people(actor, Person.objects.filter(code__in=batch))
        names.update(seen.values_list("code", "name"))
    return names
