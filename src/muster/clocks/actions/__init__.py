"""Opening and closing gaps, and what their clocks do meanwhile: one function per change."""

from muster.clocks.actions.opening import GapSpec, close_gaps, open_gaps
from muster.clocks.actions.setting import lay_out_clocks, set_clock

__all__ = ["GapSpec", "close_gaps", "lay_out_clocks", "open_gaps", "set_clock"]
