"""Watch duties of the town that tests look at."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from muster.needs.actions import WatchSpec, set_watch_duty
from muster.needs.models import WatchDuty
from muster.territory.models import Level
from tests.duty.cast import EIGHT, MONDAY, OFFICER, Town

EIGHT_MIN, TWENTY_MIN = 8 * 60, 20 * 60


def look_at_stairs(town: Town, **changes: Any) -> WatchDuty:
    """Have the stairs of each community looked at, at eight and at twenty o'clock, from Monday on."""
    terms: dict[str, Any] = {
        "slug": "stairs",
        "name_zh": "楼道",
        "name_en": "stairs",
        "area": town.city,
        "level": Level.objects.get(slug="community"),
        "times_min": (EIGHT_MIN, TWENTY_MIN),
        "starts_on": MONDAY,
        **changes,
    }
    now = EIGHT - timedelta(hours=2)
    return set_watch_duty(actor=OFFICER, now=now, emergency=town.emergency, spec=WatchSpec(**terms))
