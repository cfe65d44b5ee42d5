"""Orders of plans: taken oldest first, by one worker each, on a lease; ended once."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction

from muster.access.models import User
from muster.kernel import clock
from muster.kernel.errors import MusterError, NotFoundError, RuleError
from muster.kernel.models import AuditEntry
from muster.plans.actions import (
    OrderLostError,
    Terms,
    cancel_order,
    claim_order,
    fail_order,
    order_plan,
    renew_lease,
    return_order,
    tell_step,
)
from muster.plans.actions.working import TRIES
from muster.plans.kinds import OrderState, PlanKind
from muster.plans.models import PlanOrder
from muster.plans.queries import access_order, count_orders_ahead, list_open_orders
from tests.coverage.city import NOON, OFFICER, City, build_city


@pytest.fixture
def city(db: None) -> City:
    return build_city()


def _order(city: City, code: str = "2207") -> PlanOrder:
    return order_plan(
        actor=OFFICER,
        now=NOON,
        kind=PlanKind.COVERAGE,
        emergency=city.emergency,
        area=city.area(code),
        terms=Terms(time_limit_s=5, seed=3),
    )


def _claim(worker: str = "first") -> PlanOrder:
    order = claim_order(worker)
    assert order is not None
    return order


def _fall_silent(order: PlanOrder) -> None:
    PlanOrder.objects.filter(pk=order.pk).update(lease_until_at=clock.real_now() - timedelta(seconds=1))


def test_the_oldest_order_is_taken_first_and_each_only_once(city: City) -> None:
    older, newer = _order(city), _order(city, "C1")
    assert count_orders_ahead(newer) == 1
    assert [_claim("first").pk, _claim("second").pk] == [older.pk, newer.pk]
    assert claim_order("third") is None


def test_an_order_is_written_down_with_who_gave_it(city: City) -> None:
    order = _order(city)
    assert AuditEntry.objects.filter(verb="plan_ordered", subject_id=str(order.pk)).exists()
    assert list(list_open_orders(city.area("2207"), PlanKind.COVERAGE)) == [order]
    assert not list_open_orders(city.area("2207"), PlanKind.ROSTER)


def test_an_order_whose_worker_fell_silent_is_taken_again_and_the_first_has_lost_it(city: City) -> None:
    _order(city)
    first = _claim("first")
    assert renew_lease(first)
    assert claim_order("second") is None
    _fall_silent(first)
    second = _claim("second")
    assert (second.pk, second.tries) == (first.pk, 2)
    assert not renew_lease(first)
    with pytest.raises(OrderLostError):
        tell_step(first, "solve", 1, 4)
    with pytest.raises(OrderLostError):
        fail_order(first, MusterError("Nothing came of it."))
    tell_step(second, "solve", 1, 4)
    second.refresh_from_db()
    assert (second.step, second.done, second.total) == ("solve", 1, 4)


def test_an_order_that_costs_one_worker_after_another_is_given_up(city: City) -> None:
    order = _order(city)
    for number in range(TRIES):
        _fall_silent(_claim(f"worker {number}"))
    assert claim_order("one more") is None
    order.refresh_from_db()
    assert order.state == OrderState.FAILED
    assert "without a word" in order.failure
    assert order.remedy


def test_an_order_that_a_worker_returns_waits_again_and_counts_no_try(city: City) -> None:
    order = _order(city)
    return_order(_claim())
    order.refresh_from_db()
    assert (order.state, order.tries) == (OrderState.QUEUED, 0)
    assert _claim("second").pk == order.pk


def test_a_canceled_order_is_lost_to_its_worker_and_is_not_canceled_twice(city: City) -> None:
    order = _order(city)
    held = _claim()
    cancel_order(actor=OFFICER, now=NOON, order=order)
    assert not renew_lease(held)
    assert claim_order("second") is None
    with pytest.raises(RuleError, match="ended already"):
        cancel_order(actor=OFFICER, now=NOON, order=order)


def test_an_order_of_another_place_looks_like_none(city: City) -> None:
    assert access_order(OFFICER, _order(city).pk).seed == 3
    with pytest.raises(NotFoundError, match="no such order"):
        access_order(OFFICER, 99)


def test_an_order_goes_with_the_account_that_gave_it_and_is_not_solved_with_more_rights(city: City) -> None:
    account = User.objects.create(username="officer")
    order = _order(city)
    PlanOrder.objects.update(ordered_by=account)
    held = _claim()
    account.delete()
    assert claim_order("second") is None
    assert not renew_lease(held)
    assert not PlanOrder.objects.filter(pk=order.pk).exists()


def test_only_a_solved_order_may_have_a_plan(city: City) -> None:
    from muster.coverage.planning import plan_coverage  # noqa: PLC0415  # the planners are slow to load
    from tests.coverage.city import settle  # noqa: PLC0415

    settle("P1", "王秀兰", "C1-A-1-1")
    plan = plan_coverage(actor=OFFICER, now=NOON, emergency=city.emergency, area=city.area("2207"))
    order = _order(city)
    with pytest.raises(IntegrityError), transaction.atomic():
        PlanOrder.objects.filter(pk=order.pk).update(plan=plan)
