"""Rules of needs and of watch duties as plain values, without a database."""

from muster.needs.rules.doors import make_door_code, make_need_code, read_code, say_code
from muster.needs.rules.steps import Folded, StepMark, fold_steps, may_follow
from muster.needs.rules.urgency import find_danger, propose_urgency

__all__ = [
    "Folded",
    "StepMark",
    "find_danger",
    "fold_steps",
    "make_door_code",
    "make_need_code",
    "may_follow",
    "propose_urgency",
    "read_code",
    "say_code",
]
