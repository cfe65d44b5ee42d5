"""Workers as processes: killed in the middle, two at once, canceled under way."""

from __future__ import annotations

import multiprocessing
import os
import signal
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta

import numpy as np
import pytest
from django.db import OperationalError, connection, connections, transaction

from muster.coverage.planning import is_same_choice, plan_coverage
from muster.coverage.planning import resolve as resolve_coverage
from muster.jobs.solving import solve_order
from muster.jobs.working import Stop, work
from muster.kernel import clock
from muster.plans.actions import Terms, cancel_order, claim_order, order_plan
from muster.plans.kinds import OrderState, PlanKind
from muster.plans.models import Plan, PlanOrder
from muster.plans.queries import open_solution
from tests.coverage.city import NOON, OFFICER
from tests.web.cast import Cast, build_cast

pytestmark = pytest.mark.django_db(transaction=True)
PATIENCE_S = 150
TIME_LIMIT_S = 60
"""Far more than these plans need, also while kernels are compiled: one that runs out of time may differ."""


@pytest.fixture
def cast() -> Cast:
    return build_cast()


def _order(cast: Cast, kind: PlanKind = PlanKind.COVERAGE, code: str = "2207") -> PlanOrder:
    starts_on, days = (NOON.date() + timedelta(days=1), 5) if kind == PlanKind.ROSTER else (None, None)
    return order_plan(
        actor=OFFICER,
        now=NOON,
        kind=kind,
        emergency=cast.city.emergency,
        area=cast.city.area(code),
        terms=Terms(time_limit_s=TIME_LIMIT_S, seed=7, starts_on=starts_on, days=days),
    )


def _serve() -> None:
    stop = Stop()
    stop.listen()
    work(stop)


@contextmanager
def _worker() -> Iterator[int]:
    """Run a worker as a process of its own, and yield its number."""
    connections.close_all()
    process = multiprocessing.get_context("fork").Process(target=_serve)
    process.start()
    assert process.pid is not None
    try:
        yield process.pid
    finally:
        process.terminate()
        process.join()


def _wait_until(is_so: Callable[[PlanOrder], bool], order: PlanOrder) -> None:
    until = time.monotonic() + PATIENCE_S
    while not is_so(order):
        assert time.monotonic() < until, (order.state, order.step, order.failure)
        time.sleep(0.02)
        order.refresh_from_db()


def _hold_at_reading(worker: int, order: PlanOrder) -> int:
    """Halt the planner of an order before it can end it, and return the number of its process."""
    _wait_until(lambda order: order.step == "read", order)
    planner = _child_of(worker)
    os.kill(planner, signal.SIGSTOP)
    while not _is_writable(order):
        os.kill(planner, signal.SIGCONT)
        time.sleep(0.01)
        os.kill(planner, signal.SIGSTOP)
    order.refresh_from_db()
    assert order.state == OrderState.RUNNING
    return planner


def _is_writable(order: PlanOrder) -> bool:
    """Tell whether the halted planner left no lock behind: it may have been halted while it told its progress."""
    wait_ms = _set_lock_wait(100)
    try:
        with transaction.atomic():
            PlanOrder.objects.select_for_update(nowait=True).get(pk=order.pk)
    except OperationalError:
        return False
    finally:
        _set_lock_wait(wait_ms)
    return True


def _set_lock_wait(wait_ms: int) -> int:
    if connection.vendor != "sqlite":
        return wait_ms
    with connection.cursor() as cursor:
        before = int(cursor.execute("PRAGMA busy_timeout").fetchone()[0])
        cursor.execute(f"PRAGMA busy_timeout = {wait_ms}")
    return before


def _child_of(parent: int) -> int:
    with open(f"/proc/{parent}/task/{parent}/children", encoding="ascii") as children:
        return int(children.read().split()[0])


def _is_alive(process: int) -> bool:
    try:
        with open(f"/proc/{process}/stat", encoding="ascii") as stat:
            return stat.read().rpartition(")")[2].split()[0] != "Z"
    except FileNotFoundError:
        return False


def _is_ended(order: PlanOrder) -> bool:
    return order.state not in {OrderState.QUEUED, OrderState.RUNNING}


def test_what_is_ordered_is_what_the_command_line_plans(cast: Cast) -> None:
    order = _order(cast)
    with _worker():
        _wait_until(_is_ended, order)
    assert order.state == OrderState.SOLVED, order.failure
    assert (order.step, order.done, order.total) == ("keep", 3, 4)
    ordered = order.plan
    assert ordered is not None
    at_once = plan_coverage(
        actor=OFFICER,
        now=NOON,
        emergency=cast.city.emergency,
        area=cast.city.area("2207"),
        time_limit_s=TIME_LIMIT_S,
        seed=7,
    )
    assert (ordered.fingerprint, ordered.seed, ordered.objective) == (at_once.fingerprint, 7, at_once.objective)
    assert is_same_choice(ordered, resolve_coverage(at_once))


@pytest.mark.parametrize("kind", [PlanKind.PAIRING, PlanKind.ROSTER])
def test_every_kind_of_plan_is_made_by_a_worker(cast: Cast, kind: PlanKind) -> None:
    order = _order(cast, kind)
    with _worker():
        _wait_until(_is_ended, order)
    assert order.state == OrderState.SOLVED, order.failure
    assert order.plan is not None
    assert order.plan.kind == kind


def test_a_worker_killed_in_the_middle_is_followed_by_another_that_makes_the_same_plan(cast: Cast) -> None:
    order = _order(cast, PlanKind.ROSTER)
    with _worker() as first:
        planner = _hold_at_reading(first, order)
        os.kill(first, signal.SIGKILL)
    _wait_until(lambda order: not _is_alive(planner), order)
    assert (order.state, order.plan) == (OrderState.RUNNING, None)
    PlanOrder.objects.update(lease_until_at=clock.real_now() - timedelta(seconds=1))
    with _worker():
        _wait_until(_is_ended, order)
    assert (order.state, order.tries) == (OrderState.SOLVED, 2), order.failure

    again = _order(cast, PlanKind.ROSTER)
    held = claim_order("somebody who is not killed")
    assert held is not None
    solve_order(held)
    again.refresh_from_db()
    assert order.plan is not None
    assert again.plan is not None
    one, other = (open_solution(plan) for plan in (order.plan, again.plan))
    assert one.keys() == other.keys()
    assert all(np.array_equal(one[name], other[name]) for name in one)
    assert Plan.objects.count() == 2


def test_two_workers_never_make_the_same_plan(cast: Cast) -> None:
    orders = [_order(cast, code=code) for code in ("C1", "C2", "2207", "C1", "C2", "2207")]
    with _worker(), _worker():
        for order in orders:
            _wait_until(_is_ended, order)
    assert {order.state for order in orders} == {OrderState.SOLVED}
    assert Plan.objects.count() == len(orders)
    assert len({order.worker for order in orders}) == 2
    assert {order.tries for order in orders} == {1}


def test_a_canceled_order_stops_its_worker_which_goes_on_with_the_next(cast: Cast) -> None:
    order = _order(cast, PlanKind.ROSTER)
    with _worker() as worker:
        _hold_at_reading(worker, order)
        cancel_order(actor=OFFICER, now=NOON, order=order)
        following = _order(cast)
        _wait_until(_is_ended, following)
    order.refresh_from_db()
    assert (order.state, order.plan) == (OrderState.CANCELED, None)
    assert following.state == OrderState.SOLVED
    assert Plan.objects.count() == 1


def test_a_worker_that_is_told_to_stop_gives_its_order_back(cast: Cast) -> None:
    order = _order(cast, PlanKind.ROSTER)
    with _worker() as worker:
        _hold_at_reading(worker, order)
        os.kill(worker, signal.SIGTERM)
    order.refresh_from_db()
    assert (order.state, order.tries, order.plan) == (OrderState.QUEUED, 0, None)


def test_an_order_that_cannot_be_planned_keeps_the_reason_and_what_to_do(cast: Cast) -> None:
    order = _order(cast, PlanKind.ROSTER, code="C2")
    held = claim_order("worker")
    assert held is not None
    solve_order(held)
    order.refresh_from_db()
    assert order.state == OrderState.FAILED
    assert "No post here needs anybody" in order.failure
    assert "Import posts" in order.remedy


def test_a_planner_that_the_system_ends_is_told_from_one_that_was_canceled(cast: Cast) -> None:
    order = _order(cast, PlanKind.ROSTER)
    with _worker() as worker:
        os.kill(_hold_at_reading(worker, order), signal.SIGKILL)
        _wait_until(_is_ended, order)
    assert order.state == OrderState.FAILED
    assert order.failure == "The system ended the planner (signal 9)."
