"""Which scenarios there are, and where their clock goes on."""

from __future__ import annotations

from typing import Final

from django.db.models import Max

from muster.kernel.clock import set_exercise
from muster.kernel.models import AuditEntry
from muster.scenarios.shape import SMALL, SONGYUAN_2020, WUHAN_SCALE, Shape

SCENARIOS: Final[dict[str, Shape]] = {shape.code: shape for shape in (SONGYUAN_2020, SMALL, WUHAN_SCALE)}


def resume_clock(shape: Shape) -> None:
    """Let exercise time go on from the last act: it stands still while nobody has the demonstration open.

    A clock that ran on would show a day on which nobody came, because nobody was there to enter it.
    """
    last = AuditEntry.objects.aggregate(last=Max("at"))["last"]
    set_exercise(max(shape.exercise_at, last) if last else shape.exercise_at)
