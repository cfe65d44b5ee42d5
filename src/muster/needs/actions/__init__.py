"""Raising needs and taking them further, visiting, and watching: one function per change."""

from muster.needs.actions.door_addresses import give_door_addresses
from muster.needs.actions.doors import VisitFact, WatchFact, set_watch_duty, take_visits, take_watch_checks
from muster.needs.actions.needs import NeedFact, raise_need, raise_needs
from muster.needs.actions.steps import StepFact, take_step, take_steps

__all__ = [
    "NeedFact",
    "StepFact",
    "VisitFact",
    "WatchFact",
    "give_door_addresses",
    "raise_need",
    "raise_needs",
    "set_watch_duty",
    "take_step",
    "take_steps",
    "take_visits",
    "take_watch_checks",
]
