"""Noting that cards were printed, so that only those that have become wrong are printed again."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction

from muster.access.queries import Actor
from muster.emergencies.models import Emergency
from muster.kernel.audit import record
from muster.kernel.bulk import insert_rows
from muster.kernel.kinds import Verb
from muster.needs.models import DoorCard
from muster.needs.queries.door_cards import DoorCardText


def note_cards_printed(
    *, actor: Actor, now: datetime, emergency: Emergency, area_code: str, cards: Sequence[DoorCardText]
) -> int:
    """Note that cards were printed within an area, a row for each, and tell how many.

    Parameters
    ----------
    actor, now
        Who printed them, by name.
    emergency, area_code, cards
        Whose wardens they name, within which area, and what they say.
    """
    rows = [(card.area.pk, card.shown) for card in cards]
    same = {"emergency_id": emergency.pk, "printed_at": now, "printed_by": actor.audit_name}
    with transaction.atomic():
        insert_rows(DoorCard, ("area_id", "shown"), rows, same=same)
        record(
            actor=actor,
            now=now,
            verb=Verb.EXPORTED,
            subject_kind="door_cards",
            subject_id=area_code,
            detail={"cards": len(rows)},
        )
    return len(rows)
