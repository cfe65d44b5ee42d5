"""Keeping a need's state what its steps make of it. Whoever calls holds the needs' names."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping
from datetime import datetime
from uuid import UUID

from muster.access.models import User
from muster.access.queries import Actor, SystemActor
from muster.kernel.audit import record
from muster.kernel.batches import batches
from muster.kernel.kinds import Verb
from muster.needs.actions.unanswered import follow_gaps
from muster.needs.models import CARRIER_IDS, Need, NeedStep
from muster.needs.queries.carriers import NOBODY, CarrierNumbers, find_carrier, read_carrier
from muster.needs.queries.stands import NeedStand, StepReach, read_stands
from muster.needs.rules import StepMark, fold_steps

_STEP_FIELDS = ("need_id", "at", "client_id", "state", "urgency", "place_id", "carrier_kind", *CARRIER_IDS)
_FOLDED_FIELDS = ("state", "taken_at", "settled_at", "urgency", "is_triaged", "area_id", "carrier_kind", *CARRIER_IDS)


def refold(needs: Collection[UUID], *, now: datetime) -> None:
    """Give needs, and those that they answer too, what their steps make of them; gaps open and close with them."""
    for some in batches(needs):
        standing = _lock(some)
        leads = {need.joined_to_id for need in standing if need.joined_to_id is not None}
        marks = _read_marks({*leads, *(need.pk for need in standing)})
        changed = [need for need in standing if _take_over(need, marks)]
        Need.objects.bulk_update(changed, [name.removesuffix("_id") for name in _FOLDED_FIELDS], batch_size=50)
        follow_gaps(standing, now=now)


def _lock(some: Collection[UUID]) -> list[Need]:
    """Hold the rows of needs and of those joined to them, always in one order."""
    numbers = set(Need.objects.filter(client_id__in=some).values_list("pk", flat=True))
    held: dict[int, Need] = {}
    # Whoever joined another to one of them meanwhile is waited for by the lock, and seen after it.
    while wanted := numbers - set(held):
        rows = Need.objects.select_for_update(no_key=True).filter(pk__in=wanted)
        held |= {need.pk: need for need in rows.order_by("pk")}
        numbers |= set(Need.objects.filter(joined_to__in=numbers).values_list("pk", flat=True))
    return list(held.values())


def _read_marks(numbers: Collection[int]) -> dict[int, list[StepMark]]:
    marks: dict[int, list[StepMark]] = defaultdict(list)
    steps = NeedStep.objects.filter(need__in=numbers).values_list(*_STEP_FIELDS)
    for need_id, at, client_id, state, urgency, place_id, *carrier in steps:
        named = tuple(carrier) if carrier[0] else None
        marks[need_id or 0].append(StepMark(at, client_id, state, named, urgency, place_id))
    return marks


def _take_over(need: Need, marks: Mapping[int, list[StepMark]]) -> bool:
    """Give a need what its steps make of it, and tell whether that changed it."""
    own = marks.get(need.pk, [])
    folded = said = fold_steps(own)
    if need.joined_to_id is not None:
        # One answers both: what becomes of the other becomes of it too, but for what was said of it alone.
        folded = fold_steps([*own, *marks.get(need.joined_to_id, [])])
    before = [getattr(need, name) for name in _FOLDED_FIELDS]
    need.state, need.taken_at, need.settled_at = folded.state, folded.taken_at, folded.settled_at
    need.carrier_kind, *numbers = folded.carrier or ("", None, None, None)
    for name, number in zip(CARRIER_IDS, numbers, strict=True):
        setattr(need, name, number)
    if said.urgency is not None:
        need.urgency, need.is_triaged = said.urgency, True
    if said.place is not None:
        need.area_id = said.place
    return before != [getattr(need, name) for name in _FOLDED_FIELDS]


def adopt_steps(*, now: datetime, needs: Collection[UUID]) -> None:
    """Let the steps that waited for needs follow them, if those who took them may report there."""
    waiting = [step for some in batches(needs) for step in NeedStep.objects.filter(about__in=some, need=None)]
    if not waiting:
        return
    users = User.objects.in_bulk({step.entered_by for step in waiting if step.entered_by is not None})
    stands = read_stands(step.about for step in waiting)
    for step in waiting:
        # A step without an account was entered by the system itself.
        actor = SystemActor(step.by) if step.entered_by is None else users.get(step.entered_by)
        carrier = _find_carrier(actor, now, step, stands[step.about])
        if carrier is None:
            _drop(step, now)
        else:
            kinds = dict(zip(("carrier_kind", *CARRIER_IDS), carrier, strict=True))
            NeedStep.objects.filter(pk=step.pk).update(need=stands[step.about].need_id, **kinds)
    refold({step.about for step in waiting}, now=now)


def _find_carrier(actor: Actor | None, now: datetime, step: NeedStep, stand: NeedStand) -> CarrierNumbers | None:
    """Find whom a step names that waited for its need; None where it would have been refused."""
    if actor is None or not StepReach(actor, [stand]).has(stand):
        return None
    name = read_carrier(step.named)
    return find_carrier(actor, now, stand.spot, name) if name is not None else NOBODY


def _drop(step: NeedStep, now: datetime) -> None:
    """Drop a step that would have been refused, had the need been there when it came."""
    step.delete()
    record(
        actor=SystemActor("needs"),
        now=now,
        verb=Verb.NEED_STEP,
        subject_kind="need_step",
        subject_id=str(step.client_id),
        detail={"dropped": True, "entered_by": step.entered_by},
    )
