"""What people do with posts, shifts, duties and check-ins: one function per change."""

from muster.duty.actions.attendance import watch_posts
from muster.duty.actions.check_ins import CheckInFact, check_in, prepare_check_ins, take_check_ins
from muster.duty.actions.cover_answers import Bearer, CoverAnswer, accept_offer, decline_offer
from muster.duty.actions.covering import (
    OFFER,
    ask_for_cover,
    ask_next,
    set_cover_rules,
    withdraw_cover,
    write_offer_link,
)
from muster.duty.actions.duties import assign, cancel_duty, swap_duties
from muster.duty.actions.gaps import close_past_gaps
from muster.duty.actions.handing import hand_over
from muster.duty.actions.handovers import HandoverFact, prepare_handovers, take_handovers
from muster.duty.actions.moving import move_duty
from muster.duty.actions.notices import NoticeFact, give_notice, take_notices
from muster.duty.actions.passing import end_cover, pass_cover_time
from muster.duty.actions.posts import PostSpec, write_posts
from muster.duty.actions.rest import set_rest_rules
from muster.duty.actions.shifts import ShiftsReport, ensure_shifts
from muster.duty.actions.swap_answers import SwapAnswer, accept_swap, approve_swap, decline_swap, refuse_swap
from muster.duty.actions.swapping import SWAP, SwapError, propose_swap, withdraw_swap, write_swap_link
from muster.duty.actions.taking import note_roster_taken

__all__ = [
    "OFFER",
    "SWAP",
    "Bearer",
    "CheckInFact",
    "CoverAnswer",
    "HandoverFact",
    "NoticeFact",
    "PostSpec",
    "ShiftsReport",
    "SwapAnswer",
    "SwapError",
    "accept_offer",
    "accept_swap",
    "approve_swap",
    "ask_for_cover",
    "ask_next",
    "assign",
    "cancel_duty",
    "check_in",
    "close_past_gaps",
    "decline_offer",
    "decline_swap",
    "end_cover",
    "ensure_shifts",
    "give_notice",
    "hand_over",
    "move_duty",
    "note_roster_taken",
    "pass_cover_time",
    "prepare_check_ins",
    "prepare_handovers",
    "propose_swap",
    "refuse_swap",
    "set_cover_rules",
    "set_rest_rules",
    "swap_duties",
    "take_check_ins",
    "take_handovers",
    "take_notices",
    "watch_posts",
    "withdraw_cover",
    "withdraw_swap",
    "write_offer_link",
    "write_posts",
    "write_swap_link",
]
