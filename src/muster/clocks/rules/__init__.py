"""When a gap moves on: plain values in, plain values out."""

from muster.clocks.rules.stepping import (
    UNTOLD_RANK,
    WARDEN_RANK,
    Clock,
    DueStep,
    Leg,
    find_latest_due,
    find_next,
    list_due,
    move_start,
)
from muster.clocks.rules.waking import ALWAYS, Waking, read_waking

__all__ = [
    "ALWAYS",
    "UNTOLD_RANK",
    "WARDEN_RANK",
    "Clock",
    "DueStep",
    "Leg",
    "Waking",
    "find_latest_due",
    "find_next",
    "list_due",
    "move_start",
    "read_waking",
]
