"""Raising a need and taking it further."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from muster.emergencies.models import Emergency
from muster.kernel import audit
from muster.kernel.errors import RuleError
from muster.kernel.kinds import Verb
from muster.needs.kinds import NeedState
from muster.needs.models import Need, NeedStep
from muster.needs.rules import may_follow
from muster.territory.models import Area
from muster.territory.queries import beneath


@transaction.atomic
def raise_need(
    *,
    actor: audit.Actor,
    now: datetime,
    emergency: Emergency,
    area: Area,
    code: str,
    kind: str,
    words: str = "",
    is_for_other: bool = False,
    is_synthetic: bool = False,
) -> Need:
    """Raise a need at an area's doors; the same code is taken once.

    Parameters
    ----------
    actor, now
        Who enters it, and when it was raised.
    emergency, area
        What it belongs to, and where.
    code
        Chosen by whoever enters it, so that sending twice raises once.
    kind
        One of ``kinds.NeedKind``.
    words
        What was asked.
    is_for_other
        Whether it came by telephone or on paper.
    is_synthetic
        Whether it was invented for a demonstration.

    Raises
    ------
    RuleError
        If the emergency has ended, or the area is not part of it.
    """
    if emergency.ends_at is not None and emergency.ends_at <= now:
        raise RuleError("The emergency has ended.", remedy="Turn to the community office.")
    if not beneath(emergency.area).filter(pk=area.pk).exists():
        raise RuleError(f"{area.name} is not part of this emergency.", remedy="Choose an area within it.")
    need, is_new = Need.objects.get_or_create(
        code=code,
        defaults={
            "emergency": emergency,
            "area": area,
            "kind": kind,
            "words": words,
            "raised_at": now,
            "is_for_other": is_for_other,
            "is_synthetic": is_synthetic,
        },
    )
    if is_new:
        NeedStep.objects.create(need=need, state=NeedState.OPEN, at=now, by=actor.audit_name)
        audit.record(actor=actor, now=now, verb=Verb.NEED_RAISED, subject_kind="need", subject_id=code)
    return need


@transaction.atomic
def take_step(*, actor: audit.Actor, now: datetime, need: Need, state: str, note: str = "") -> None:
    """Take a need one step further.

    Raises
    ------
    RuleError
        If the step cannot follow the state that the need is in by now.
    """
    current = Need.objects.select_for_update().get(pk=need.pk)
    if not may_follow(current.state, state):
        raise RuleError(
            f"A need that is {NeedState(current.state).label} cannot become {NeedState(state).label}.",
            where=current.code,
            remedy="Look at it again; somebody may have been quicker.",
        )
    Need.objects.filter(pk=need.pk).update(state=state)
    NeedStep.objects.create(need=current, state=state, at=now, by=actor.audit_name, note=note)
    audit.record(
        actor=actor, now=now, verb=Verb.NEED_STEP, subject_kind="need", subject_id=current.code, detail={"state": state}
    )
    need.state = state
