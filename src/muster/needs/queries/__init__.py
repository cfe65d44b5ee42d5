"""What screens and exports ask of the needs, the doors and the watch duties."""

from muster.needs.queries.alike import AlikePair, list_alike_pairs, list_alike_to
from muster.needs.queries.carriers import CarrierChoice, CarrierName, list_carriers, read_carrier
from muster.needs.queries.carrying import CarryPanel, list_carry_panels
from muster.needs.queries.needs import list_needs, list_open_needs, list_waiting_steps
from muster.needs.queries.queue import (
    NOBODY_YET,
    QueueCounts,
    QueueFilters,
    QueueState,
    access_need,
    count_queue,
    filter_needs,
    find_need_code,
    find_needs,
    list_carried,
    list_history,
    list_in_hand,
    list_joins,
    list_queue,
    list_since,
    read_counts,
    stand_of,
)

__all__ = [
    "NOBODY_YET",
    "AlikePair",
    "CarrierChoice",
    "CarrierName",
    "CarryPanel",
    "QueueCounts",
    "QueueFilters",
    "QueueState",
    "access_need",
    "count_queue",
    "filter_needs",
    "find_need_code",
    "find_needs",
    "list_alike_pairs",
    "list_alike_to",
    "list_carried",
    "list_carriers",
    "list_carry_panels",
    "list_history",
    "list_in_hand",
    "list_joins",
    "list_needs",
    "list_open_needs",
    "list_queue",
    "list_since",
    "list_waiting_steps",
    "read_carrier",
    "read_counts",
    "stand_of",
]
