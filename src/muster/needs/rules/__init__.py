"""Rules of needs and of watch duties as plain values, without a database."""

from muster.needs.rules.steps import Folded, StepMark, fold_steps, may_follow
from muster.needs.rules.urgency import find_danger, propose_urgency

__all__ = ["Folded", "StepMark", "find_danger", "fold_steps", "may_follow", "propose_urgency"]
