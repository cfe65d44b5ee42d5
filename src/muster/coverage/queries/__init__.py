"""What screens and higher rooms ask of coverage."""

from muster.coverage.queries.board import (
    AreaCoverage,
    ChildCoverage,
    LevelTally,
    Tally,
    WardenFigures,
    count_gaps,
    count_wardens,
    get_area_coverage,
    get_warden_figures,
    list_children_coverage,
)
from muster.coverage.queries.flow import Flow, FlowNode, Grouping, Ribbon, read_flow
from muster.coverage.queries.ledger import (
    Holder,
    LedgerRow,
    OpenGap,
    count_ledger,
    list_ledger,
    read_ledger_of,
    walk_ledger,
)
from muster.coverage.queries.needs import Need, read_needs, read_own_need
from muster.coverage.queries.pairings import (
    Offer,
    access_pairing,
    find_pairing,
    list_offers,
    list_pairings,
    list_steps,
)
from muster.coverage.queries.people import (
    Candidate,
    list_active_appointments,
    list_appointments,
    list_candidates,
    read_facts,
)

__all__ = [
    "AreaCoverage",
    "Candidate",
    "ChildCoverage",
    "Flow",
    "FlowNode",
    "Grouping",
    "Holder",
    "LedgerRow",
    "LevelTally",
    "Need",
    "Offer",
    "OpenGap",
    "Ribbon",
    "Tally",
    "WardenFigures",
    "access_pairing",
    "count_gaps",
    "count_ledger",
    "count_wardens",
    "find_pairing",
    "get_area_coverage",
    "get_warden_figures",
    "list_active_appointments",
    "list_appointments",
    "list_candidates",
    "list_children_coverage",
    "list_ledger",
    "list_offers",
    "list_pairings",
    "list_steps",
    "read_facts",
    "read_flow",
    "read_ledger_of",
    "read_needs",
    "read_own_need",
    "walk_ledger",
]
