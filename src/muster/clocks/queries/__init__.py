"""Open gaps, their steps, and the clocks that move them on."""

from muster.clocks.queries.clocks import ClockSetting, get_opening_delay, list_clock_settings, read_clocks
from muster.clocks.queries.gaps import (
    ALL_OPEN,
    OWNER_LEVEL,
    Among,
    OwnerAges,
    Owners,
    count_among,
    count_open_gaps,
    list_open_gaps,
    list_owner_ages,
    list_pressing,
    read_owners,
)

__all__ = [
    "ALL_OPEN",
    "OWNER_LEVEL",
    "Among",
    "ClockSetting",
    "OwnerAges",
    "Owners",
    "count_among",
    "count_open_gaps",
    "get_opening_delay",
    "list_clock_settings",
    "list_open_gaps",
    "list_owner_ages",
    "list_pressing",
    "read_clocks",
    "read_owners",
]
