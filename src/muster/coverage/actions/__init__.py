"""Changes to coverage: appointments, pairings, and the ledger that follows from them."""

from muster.coverage.actions.appointing import appoint, end_appointment, replace, stand_in
from muster.coverage.actions.ledger import begin_ledger, end_ledger, rebuild_ledger
from muster.coverage.actions.pairing import end_pairing, pair
from muster.coverage.actions.tallies import rebuild_tallies

__all__ = [
    "appoint",
    "begin_ledger",
    "end_appointment",
    "end_ledger",
    "end_pairing",
    "pair",
    "rebuild_ledger",
    "rebuild_tallies",
    "replace",
    "stand_in",
]
