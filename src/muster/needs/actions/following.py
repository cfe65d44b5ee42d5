"""Keeping a need's state what its steps make of it. Whoever calls holds the needs' names."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection
from datetime import datetime
from uuid import UUID

from muster.access.kinds import Right
from muster.access.models import User
from muster.access.queries import SystemActor
from muster.access.reach import Reach
from muster.kernel.audit import record
from muster.kernel.batches import batches
from muster.kernel.kinds import Verb
from muster.needs.models import Need, NeedStep
from muster.needs.rules import StepMark, fold_steps


def refold(needs: Collection[UUID]) -> None:
    """Give needs the states that their steps make of them."""
    for some in batches(needs):
        marks: dict[int, list[StepMark]] = defaultdict(list)
        steps = NeedStep.objects.filter(need__client_id__in=some)
        for need_id, at, client_id, state in steps.values_list("need_id", "at", "client_id", "state"):
            marks[need_id or 0].append(StepMark(at, client_id, state))
        standing = dict(Need.objects.filter(pk__in=marks).values_list("pk", "state"))
        for number, steps_of_one in marks.items():
            state = fold_steps(steps_of_one)
            if state != standing[number]:
                Need.objects.filter(pk=number).update(state=state)


def adopt_steps(*, now: datetime, needs: Collection[UUID]) -> None:
    """Let the steps that waited for needs follow them, if those who took them may report there."""
    waiting = [step for some in batches(needs) for step in NeedStep.objects.filter(about__in=some, need=None)]
    if not waiting:
        return
    found = {need.client_id: need for need in Need.objects.filter(client_id__in=needs).select_related("area")}
    users = User.objects.in_bulk({step.entered_by for step in waiting if step.entered_by is not None})
    for step in waiting:
        need = found[step.about]
        user = users.get(step.entered_by or 0)
        # A step without an account was entered by the system itself.
        if step.entered_by is None or (user is not None and Reach(user, Right.REPORT).has(need.area.path)):
            NeedStep.objects.filter(pk=step.pk).update(need=need)
        else:
            _drop(step, now)
    refold({step.about for step in waiting})


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
