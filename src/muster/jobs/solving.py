"""From an order to its plan: the same functions that the command line calls, told apart by kind."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable
from contextlib import suppress
from functools import partial
from typing import Any

from django.db import OperationalError

from muster.access.kinds import Right
from muster.access.queries import Actor, SystemActor, access_area
from muster.coverage import planning as coverage
from muster.duty import planning as duty
from muster.kernel.errors import MusterError
from muster.planning.result import VerificationError
from muster.plans.actions import OrderLostError, fail_order, keep_ordered, tell_step
from muster.plans.kinds import PlanKind
from muster.plans.models import Plan, PlanOrder

PLANNERS: dict[str, Callable[..., Plan]] = {
    PlanKind.COVERAGE: coverage.plan_coverage,
    PlanKind.PAIRING: coverage.plan_pairing,
    PlanKind.ROSTER: duty.plan_roster,
}
_WORKER = SystemActor("worker")
_EVERY_S = 0.3

logger = logging.getLogger(__name__)


def solve_order(order: PlanOrder) -> None:
    """Solve an order that this worker holds, and end it: with its plan, or with what went wrong.

    Parameters
    ----------
    order
        The order as it was claimed. When it is lost meanwhile, nothing is kept and nothing is said.
    """
    try:
        try:
            _plan(order)
        except OrderLostError:
            raise
        except MusterError as error:
            fail_order(order, error)
        except VerificationError as error:
            logger.exception("The plan of order %d broke a rule", order.pk)
            fail_order(order, _describe_unsound(error))
        except Exception as error:
            logger.exception("Order %d failed", order.pk)
            fail_order(order, _describe_fault(error))
    except OrderLostError:
        return


def _plan(order: PlanOrder) -> Plan:
    actor: Actor = order.ordered_by or _WORKER
    # Whoever ordered it may have lost the right since.
    area = access_area(actor, order.area.code, right=Right.PLAN)
    span = {"starts_on": order.starts_on, "days": order.days} if order.kind == PlanKind.ROSTER else {}
    return PLANNERS[order.kind](
        actor=actor,
        now=order.ordered_at,
        emergency=order.emergency,
        area=area,
        time_limit_s=order.time_limit_s,
        seed=order.seed,
        progress=_teller(order),
        keep=partial(keep_ordered, order),
        **span,
    )


def _teller(order: PlanOrder) -> Callable[[str, int, int], None]:
    """Return what a planner tells its steps to; each step is written, and of its counts not more than can be seen."""
    last: dict[str, Any] = {"step": "", "at": 0.0}

    def tell(step: str, done: int, total: int) -> None:
        at = time.monotonic()
        if step != last["step"] or done >= total or at - last["at"] >= _EVERY_S:
            last.update(step=step, at=at)
            with suppress(OperationalError):
                tell_step(order, step, done, total)

    return tell


def _describe_unsound(error: VerificationError) -> MusterError:
    return MusterError(
        f"The plan broke a rule and was thrown away ({error}).",
        remedy="Plan again with another seed, and tell whoever runs the server.",
    )


def _describe_fault(error: Exception) -> MusterError:
    return MusterError(
        f"The planner has failed ({type(error).__name__}).",
        remedy="Plan again; if it fails again, tell whoever runs the server.",
    )
