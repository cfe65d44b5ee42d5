"""How gaps move on where nobody has said otherwise: the set that an emergency begins with."""

from __future__ import annotations

from typing import NamedTuple

from muster.clocks.kinds import GapKind

_HOUR, _DAY = 60, 1440


class ClockDefault(NamedTuple):
    """What a kind begins with, in minutes after its place became empty.

    ``offices`` names no levels: the first is for the lowest that has offices, the next for the one above, and so on.
    """

    opens_after_min: int
    may_wait: bool
    hold_min: int
    warden_min: int | None
    offices: tuple[int, ...]


DEFAULTS: dict[GapKind, ClockDefault] = {
    GapKind.AREA_WITHOUT_WARDEN: ClockDefault(0, True, _DAY, None, (8 * _HOUR, _DAY, 2 * _DAY, 3 * _DAY)),
    GapKind.AREA_WITHOUT_DEPUTY: ClockDefault(0, True, 2 * _DAY, None, (_DAY, 3 * _DAY)),
    GapKind.AREA_WITHOUT_PAIRING: ClockDefault(0, True, 2 * _DAY, None, (_DAY, 2 * _DAY, 3 * _DAY)),
    GapKind.SHIFT_UNFILLED: ClockDefault(0, True, 4 * _HOUR, None, (_HOUR, 4 * _HOUR, 12 * _HOUR)),
    GapKind.POST_UNATTENDED: ClockDefault(10, False, 30, 10, (15, 30, 60, 120)),
    GapKind.NEED_UNANSWERED: ClockDefault(0, False, 2 * _HOUR, 0, (15, 45, 2 * _HOUR, 4 * _HOUR)),
    GapKind.WATCH_MISSED: ClockDefault(0, True, 4 * _HOUR, 0, (_HOUR, 3 * _HOUR, 6 * _HOUR)),
    GapKind.MESSAGE_UNDELIVERED: ClockDefault(0, True, 4 * _HOUR, None, (_HOUR, 4 * _HOUR, 12 * _HOUR)),
}
"""What a household asks for and a post with nobody are heard at night as well; everything else waits for the day."""
