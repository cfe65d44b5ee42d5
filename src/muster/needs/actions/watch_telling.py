"""Telling deputies which rounds have fallen to them: one message to each for a round, however many doors."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from typing import NamedTuple

from muster.coverage.kinds import AppointmentRole
from muster.coverage.models import Appointment
from muster.kernel.batches import batches
from muster.kernel.clock import CITY_ZONE
from muster.messages.actions import MessageSpec, queue_messages
from muster.needs.models import WatchRound
from muster.needs.queries.watch_places import WatchPlace


class _Fallen(NamedTuple):
    """What fell to one person: where first, and at how many places in all."""

    first: str
    places: int


def tell_deputies(found: WatchRound, unseen: Iterable[WatchPlace]) -> int:
    """Queue a message to each deputy of places where nobody has looked for a round; tell how many."""
    watch = found.watch
    begins = f"{found.starts_at.astimezone(CITY_ZONE):%H:%M}"
    names = f"{watch.name_zh} {watch.name_en}"
    fallen = _list_fallen(found, unseen)
    return queue_messages(
        MessageSpec(
            key=f"watch:{found.pk}:deputy:{person_id}",
            person_id=person_id,
            wording="watch_fell",
            words={"watch": names, "begins": begins, "place": one.first, "count": str(one.places)},
        )
        for person_id, one in fallen.items()
    )


def _list_fallen(found: WatchRound, unseen: Iterable[WatchPlace]) -> dict[int, _Fallen]:
    doors: dict[int, list[str]] = defaultdict(list)
    for place in unseen:
        doors[place.area_id].append(place.door)
    fallen: dict[int, _Fallen] = {}
    for some in batches(doors):
        deputies = Appointment.objects.filter(
            emergency=found.watch.emergency_id, area__in=some, role=AppointmentRole.DEPUTY, ends_at=None
        ).order_by("area__path")
        rows = deputies.values_list("person_id", "area_id", "area__name", "area__parent__name")
        for person_id, area_id, name, above in rows:
            first = f"{above or ''}{name} {doors[area_id][0]}".strip()
            had = fallen.get(person_id)
            count = len(doors[area_id])
            fallen[person_id] = _Fallen(had.first, had.places + count) if had else _Fallen(first, count)
    return fallen
