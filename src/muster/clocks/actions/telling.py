"""Telling people and offices what their clocks brought them: one message each, however many gaps."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, F, Max, Min, Q
from django.utils.translation import override

from muster.clocks.kinds import GapKind, GapStepKind
from muster.clocks.models import ClockRun, Gap, GapStep
from muster.clocks.queries.gaps import say_places
from muster.clocks.rules import WARDEN_RANK, Clock
from muster.emergencies.models import Emergency
from muster.messages.actions import Recipient, queue_message
from muster.messages.kinds import Urgency
from muster.people.models import Person
from muster.territory.models import Area

_MINUTE_S = 60


@dataclass(frozen=True, slots=True)
class _Told:
    """Gaps that somebody has now, and the first of them."""

    count: int
    first: int
    kinds: frozenset[str]

    def add(self, other: _Told) -> _Told:
        """Return both together."""
        return _Told(self.count + other.count, min(self.first, other.first), self.kinds | other.kinds)


def tell_recipients(*, emergency: Emergency, run: ClockRun, clocks: Mapping[str, Clock], now: datetime) -> None:
    """Queue a message for everybody whom a gap has reached since the last time, and who has it still.

    Parameters
    ----------
    emergency, clocks
        Whose gaps, and how they move on: what may wait disturbs nobody in quiet hours.
    run
        The emergency's, held by the caller, so that all steps made before are to be seen; it is brought up to date.
    now
        As of when ages are told.
    """
    made = GapStep.objects.filter(pk__gt=run.told_until, gap__emergency=emergency)
    until = made.aggregate(Max("pk"))["pk__max"]
    if until is None:
        return
    standing = made.filter(pk__lte=until, gap__closed_at=None, gap__taken_over_at=None)
    to_offices = standing.filter(Q(rank__isnull=False) | Q(kind=GapStepKind.LAPSED), area=F("gap__owner_area"))
    to_wardens = standing.filter(rank=WARDEN_RANK, gap__told_rank=WARDEN_RANK, person__isnull=False)
    told = {
        **_gather(Area, to_offices.values_list("area", "gap__kind")),
        **_gather(Person, to_wardens.values_list("person", "gap__kind")),
    }
    words = _list_words({each.first for each in told.values()}, now)
    for recipient, each in told.items():
        named = "area" if isinstance(recipient, Area) else "person"
        is_urgent = any(kind in clocks and not clocks[kind].may_wait for kind in each.kinds)
        queue_message(
            key=f"gaps:{emergency.pk}:{named}:{recipient.pk}:{until}",
            to=recipient,
            wording="gap_escalated" if each.count == 1 else "gaps_escalated",
            words={**words[each.first], "count": str(each.count)},
            urgency=Urgency.URGENT if is_urgent else Urgency.CAN_WAIT,
        )
    run.told_until = until


def _gather(model: type[Area] | type[Person], steps: Iterable[tuple[object, ...]]) -> dict[Recipient, _Told]:
    """Return what each recipient is told, all kinds together."""
    found: dict[int, _Told] = {}
    counted = steps.annotate(count=Count("gap", distinct=True), first=Min("gap"))  # type: ignore[attr-defined]
    for number, kind, count, first in counted.order_by():
        each = _Told(count, first, frozenset({kind}))
        found[number] = found[number].add(each) if number in found else each
    rows = model.objects.in_bulk(list(found))
    return {rows[number]: each for number, each in found.items()}


def _list_words(gap_ids: Iterable[int], now: datetime) -> dict[int, dict[str, str]]:
    """Return the words that tell of gaps, by number: where, for how long, and what is missing."""
    gaps = list(Gap.objects.filter(pk__in=list(gap_ids)).select_related("area", "owner_area"))
    places = say_places(gaps)
    return {gap.pk: dict(_say(gap, places[gap.pk], now)) for gap in gaps}


def _say(gap: Gap, place: str, now: datetime) -> Iterator[tuple[str, str]]:
    yield "place", place
    yield "age", str(int((now - gap.since_at).total_seconds()) // _MINUTE_S)
    with override("en"):
        yield "kind", str(GapKind(gap.kind).label)
