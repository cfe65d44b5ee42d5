"""Changes to coverage: appointments, pairings, and the ledger that follows from them."""

from muster.coverage.actions.appointing import appoint, end_appointment, replace, stand_in
from muster.coverage.actions.ledger import begin_ledger, end_ledger, rebuild_ledger
from muster.coverage.actions.offering import change_offer
from muster.coverage.actions.pairing import accept_pairing, change_pairing, decline_pairing, pair, recall_pairing
from muster.coverage.actions.tallies import rebuild_tallies
from muster.coverage.actions.together import (
    AreaRefused,
    RoleChanged,
    TogetherReport,
    change_together,
    stand_in_together,
)

__all__ = [
    "AreaRefused",
    "RoleChanged",
    "TogetherReport",
    "accept_pairing",
    "appoint",
    "begin_ledger",
    "change_offer",
    "change_pairing",
    "change_together",
    "decline_pairing",
    "end_appointment",
    "end_ledger",
    "pair",
    "rebuild_ledger",
    "rebuild_tallies",
    "recall_pairing",
    "replace",
    "stand_in",
    "stand_in_together",
]
