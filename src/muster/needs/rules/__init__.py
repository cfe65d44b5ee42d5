"""Rules of needs and of watch duties as plain values, without a database."""

from muster.needs.rules.steps import StepMark, fold_steps, may_follow

__all__ = ["StepMark", "fold_steps", "may_follow"]
