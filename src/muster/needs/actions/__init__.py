"""Raising needs and taking them further, visiting, and watching: one function per change."""

from muster.needs.actions.door_addresses import give_door_addresses
from muster.needs.actions.doors import VisitFact, take_visits
from muster.needs.actions.needs import NeedFact, raise_need, raise_needs
from muster.needs.actions.steps import StepFact, take_step, take_steps
from muster.needs.actions.watch_duties import WatchSpec, end_watch_duty, mark_doors, set_watch_duty, unmark_door
from muster.needs.actions.watch_rounds import pass_watch_time
from muster.needs.actions.watching import WatchFact, need_of_check, raise_from_check, take_watch_checks

__all__ = [
    "NeedFact",
    "StepFact",
    "VisitFact",
    "WatchFact",
    "WatchSpec",
    "end_watch_duty",
    "give_door_addresses",
    "mark_doors",
    "need_of_check",
    "pass_watch_time",
    "raise_from_check",
    "raise_need",
    "raise_needs",
    "set_watch_duty",
    "take_step",
    "take_steps",
    "take_visits",
    "take_watch_checks",
    "unmark_door",
]
