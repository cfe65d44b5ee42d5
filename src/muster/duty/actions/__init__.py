"""What people do with posts, shifts, duties and check-ins: one function per change."""

from muster.duty.actions.check_ins import CheckInFact, check_in, prepare_check_ins, take_check_ins
from muster.duty.actions.duties import assign, cancel_duty, swap_duties
from muster.duty.actions.gaps import close_past_gaps
from muster.duty.actions.handing import hand_over
from muster.duty.actions.handovers import HandoverFact, prepare_handovers, take_handovers
from muster.duty.actions.moving import move_duty
from muster.duty.actions.posts import PostSpec, write_posts
from muster.duty.actions.rest import set_rest_rules
from muster.duty.actions.shifts import ShiftsReport, ensure_shifts
from muster.duty.actions.taking import note_roster_taken

__all__ = [
    "CheckInFact",
    "HandoverFact",
    "PostSpec",
    "ShiftsReport",
    "assign",
    "cancel_duty",
    "check_in",
    "close_past_gaps",
    "ensure_shifts",
    "hand_over",
    "move_duty",
    "note_roster_taken",
    "prepare_check_ins",
    "prepare_handovers",
    "set_rest_rules",
    "swap_duties",
    "take_check_ins",
    "take_handovers",
    "write_posts",
]
