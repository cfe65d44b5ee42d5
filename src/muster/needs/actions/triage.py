"""Saying how pressing needs are, and putting those that came without a door where they belong."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from uuid import uuid4

from django.db import transaction

from muster.access.queries import Actor
from muster.kernel.errors import RuleError
from muster.kernel.facts import require_taken
from muster.needs.actions.steps import StepFact, take_steps
from muster.needs.kinds import NeedUrgency
from muster.needs.models import Need
from muster.territory.models import Area


def set_urgency(*, actor: Actor, now: datetime, needs: Iterable[Need], urgency: NeedUrgency, note: str = "") -> None:
    """Say how pressing needs are; from then on it is a person's word, and no proposal.

    Raises
    ------
    RuleError
        If the actor may not report where one of them is, or its emergency has ended: then nothing is said of any.
    """
    facts = [StepFact(need.client_id, note=note, urgency=urgency, client_id=uuid4(), at=now) for need in needs]
    _take_all(actor, now, facts)


def place_need(*, actor: Actor, now: datetime, need: Need, area: Area, note: str = "") -> None:
    """Put a need where it belongs: whoever asked gave no door, or a wrong one.

    Raises
    ------
    RuleError
        If the area lies outside the emergency, or the actor may not report in either.
    """
    if not area.path.startswith(need.emergency.area.path):
        raise RuleError("The emergency does not hold there.", where=area.code, remedy="Choose a place within it.")
    fact = StepFact(need.client_id, note=note, place=area.code, client_id=uuid4(), at=now)
    _take_all(actor, now, [fact])
    need.refresh_from_db()


def _take_all(actor: Actor, now: datetime, facts: list[StepFact]) -> None:
    with transaction.atomic():
        for answer in take_steps(actor=actor, now=now, facts=facts):
            require_taken(answer)
