"""Opening and closing gaps, and what their clocks and people do meanwhile: one function per change."""

from muster.clocks.actions.holding import (
    BY_HAND,
    GapClosedError,
    GapInHandError,
    acknowledge,
    close_by_hand,
    give_back,
    take_over,
)
from muster.clocks.actions.opening import GapSpec, close_gaps, open_gaps
from muster.clocks.actions.passing import run_clocks
from muster.clocks.actions.setting import lay_out_clocks, set_clock
from muster.clocks.actions.undelivered import note_delivery

__all__ = [
    "BY_HAND",
    "GapClosedError",
    "GapInHandError",
    "GapSpec",
    "acknowledge",
    "close_by_hand",
    "close_gaps",
    "give_back",
    "lay_out_clocks",
    "note_delivery",
    "open_gaps",
    "run_clocks",
    "set_clock",
    "take_over",
]
