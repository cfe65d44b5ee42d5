"""What changed in an area since an account last looked: gaps, appointments, pairings and plans, newest first."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

from django.db.models import Q, QuerySet

from muster.access.queries import Actor
from muster.clocks.models import Gap
from muster.coverage.models import Appointment, Pairing
from muster.emergencies.models import Emergency
from muster.plans.models import Plan
from muster.situation.board_gaps import list_gap_lines
from muster.situation.models import Look
from muster.territory.models import Area
from muster.territory.queries import beneath_filter, read_names
from muster.territory.rules import ancestor_paths

FIRST_LOOK = timedelta(days=1)
"""How far back whoever has never looked is told."""
COUNTED_LIMIT = 1000
"""More changes of a kind than this are not counted one by one: counts then are one more."""
NAMES_SAID = 3


class ChangeKind(StrEnum):
    """What can change."""

    GAP_OPENED = "gap_opened"
    GAP_CLOSED = "gap_closed"
    APPOINTED = "appointed"
    ENDED = "ended"
    PAIRED = "paired"
    UNPAIRED = "unpaired"
    PUBLISHED = "published"


@dataclass(frozen=True, slots=True)
class Change:
    """One thing that changed.

    Parameters
    ----------
    at, kind
        When, and what happened.
    area, place
        Where, and its name in full: of a shift without its people, the post.
    row
        The gap, appointment, pairing or plan.
    shift_at
        When the shift begins, for a gap of one.
    """

    at: datetime
    kind: ChangeKind
    area: Area
    place: str
    row: Any
    shift_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Changes:
    """What changed after a moment, up to now: how much of each kind, as far as counted, and the newest of all."""

    since: datetime
    is_first: bool
    counts: Mapping[ChangeKind, int]
    newest: Sequence[Change]

    @property
    def total(self) -> int:
        """Return how much changed."""
        return sum(self.counts.values())


def find_seen_until(actor: Actor) -> datetime | None:
    """Find until when an account has seen what changed; None if it never said so."""
    if actor.audit_id is None:
        return None
    return Look.objects.filter(user_id=actor.audit_id).values_list("seen_until", flat=True).first()


def read_changes(
    actor: Actor, emergency: Emergency, area: Area, now: datetime, *, kind: ChangeKind | None = None, limit: int
) -> Changes:
    """Read what changed in an area since an account looked.

    Parameters
    ----------
    actor, emergency, area, now
        Who looks, where, and as of when.
    kind
        Which changes to list; None for all. All are counted.
    limit
        How many of the newest to list.
    """
    seen_until = find_seen_until(actor)
    since = seen_until or now - FIRST_LOOK
    sources = _list_sources(emergency, area, since, now)
    counts = {each: rows[: COUNTED_LIMIT + 1].count() for each, (rows, _moment) in sources.items()}
    asked = [each for each in sources if counts[each] and kind in {None, each}]
    found = sorted(_list_newest({each: sources[each] for each in asked}, limit), key=lambda row: row[0], reverse=True)
    return Changes(since, seen_until is None, counts, _say_places(found[:limit]))


def _say_places(found: Sequence[tuple[datetime, ChangeKind, Any]]) -> list[Change]:
    gaps = {line.gap.pk: line for line in list_gap_lines(row for _at, _kind, row in found if isinstance(row, Gap))}
    names = read_names([row.area for _at, _kind, row in found])
    return [
        Change(at, kind, row.area, gaps[row.pk].place, row, gaps[row.pk].starts_at)
        if isinstance(row, Gap)
        else Change(at, kind, row.area, _say_nearby(row.area, names), row)
        for at, kind, row in found
    ]


def _say_nearby(area: Area, names: Mapping[str, str]) -> str:
    """Say where an area is by its own name and the two above, which tell a unit within its compound."""
    return " ".join(names[path] for path in ancestor_paths(area.path)[-NAMES_SAID:])


def _list_newest(
    sources: Mapping[ChangeKind, tuple[QuerySet[Any], str]], limit: int
) -> Iterator[tuple[datetime, ChangeKind, Any]]:
    for kind, (rows, moment) in sources.items():
        # Numbers first: a million rows are sorted without what they are joined with.
        ordered = rows.select_related(None).order_by(f"-{moment}", "-pk").values_list("pk", flat=True)
        for row in rows.filter(pk__in=list(ordered[:limit])):
            yield getattr(row, moment), kind, row


def _list_sources(
    emergency: Emergency, area: Area, since: datetime, now: datetime
) -> dict[ChangeKind, tuple[QuerySet[Any], str]]:
    """Return, by kind of change, the rows that changed and the name of their moment."""
    # Of the whole emergency there is nothing to filter by; a join of a million rows would say so in seconds.
    is_whole = emergency.area.path.startswith(area.path)
    within = Q() if is_whole else beneath_filter(area, "area__path")
    gaps = Gap.objects.filter(within, emergency=emergency).select_related("area__level", "owner_area")
    appointments = Appointment.objects.filter(within, emergency=emergency).select_related("area__level", "person")
    pairings = Pairing.objects.filter(within, emergency=emergency).select_related("area__level", "organization")
    plans = Plan.objects.filter(within, emergency=emergency).select_related("area__level").defer("problem", "plan")
    sources: dict[ChangeKind, tuple[QuerySet[Any], str]] = {
        ChangeKind.GAP_OPENED: (gaps, "since_at"),
        ChangeKind.GAP_CLOSED: (gaps, "closed_at"),
        ChangeKind.APPOINTED: (appointments, "starts_at"),
        ChangeKind.ENDED: (appointments, "ends_at"),
        ChangeKind.PAIRED: (pairings, "starts_at"),
        ChangeKind.UNPAIRED: (pairings, "ends_at"),
        ChangeKind.PUBLISHED: (plans, "published_at"),
    }
    return {
        kind: (rows.filter(**{f"{moment}__gt": since, f"{moment}__lte": now}), moment)
        for kind, (rows, moment) in sources.items()
    }
