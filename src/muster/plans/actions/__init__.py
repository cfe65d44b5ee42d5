"""Ordering a plan, keeping a solved one whole, and putting one aside."""

from muster.plans.actions.keeping import (
    Keep,
    PlanArchive,
    check_undecided,
    fingerprint,
    keep_plan,
    mark_published,
    pack_arrays,
    set_aside,
    unpack_arrays,
)
from muster.plans.actions.ordering import Terms, cancel_order, order_plan
from muster.plans.actions.working import (
    OrderLostError,
    claim_order,
    fail_order,
    keep_ordered,
    renew_lease,
    return_order,
    tell_step,
)

__all__ = [
    "Keep",
    "OrderLostError",
    "PlanArchive",
    "Terms",
    "cancel_order",
    "check_undecided",
    "claim_order",
    "fail_order",
    "fingerprint",
    "keep_ordered",
    "keep_plan",
    "mark_published",
    "order_plan",
    "pack_arrays",
    "renew_lease",
    "return_order",
    "set_aside",
    "tell_step",
    "unpack_arrays",
]
