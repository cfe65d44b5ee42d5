"""A worker: takes one order after another, and has each solved by a child process that it can stop at any moment.

Solvers run for a minute in machine code and listen to nobody. A process of its own can be stopped when the order is
canceled, and one that the system ends takes neither the worker nor the desk with it.
"""

from __future__ import annotations

import logging
import multiprocessing
import os
import secrets
import signal
import socket
import threading
from multiprocessing.context import ForkProcess

from django.db import DatabaseError, OperationalError, connections

from muster.jobs.keeping import DayKeeper
from muster.jobs.solving import solve_order
from muster.kernel.errors import MusterError
from muster.kernel.processes import end_with_parent
from muster.plans.actions import OrderLostError, claim_order, fail_order, renew_lease, return_order
from muster.plans.models import PlanOrder

_POLL_S = 0.5
_WATCH_S = 1
_AGAIN_S = 5

logger = logging.getLogger(__name__)


class Stop(threading.Event):
    """Set when the worker is to stop; the order at hand goes back for another."""

    def listen(self) -> None:
        """Stop on the signals that end a process."""
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(number, lambda number, frame: self.set())


def name_worker() -> str:
    """Return a name that no other worker has: machine, process, and chance."""
    return f"{socket.gethostname()[:80]}:{os.getpid()}:{secrets.token_hex(4)}"


def work(stop: Stop, *, is_once: bool = False) -> None:
    """Solve orders until told to stop.

    Parameters
    ----------
    stop
        Looked at twice a second.
    is_once
        Whether to stop when no order waits.
    """
    worker, keeper = name_worker(), DayKeeper()
    while not stop.is_set():
        try:
            order = claim_order(worker)
            if order is not None:
                _run(order, stop)
            else:
                keeper.keep_if_due()
        except DatabaseError:
            # A database that restarts comes back; the desk says meanwhile that nobody takes the order.
            logger.exception("The database does not answer")
            connections.close_all()
            stop.wait(_AGAIN_S)
            continue
        if order is None and (is_once or stop.wait(_POLL_S)):
            return


def _run(order: PlanOrder, stop: Stop) -> None:
    # A connection that two processes share breaks for both.
    connections.close_all()
    child = multiprocessing.get_context("fork").Process(target=_solve, args=(order, os.getpid()))
    child.start()
    try:
        _watch(order, child, stop)
    finally:
        child.kill()
        child.join()


def _solve(order: PlanOrder, parent: int) -> None:
    for number in (signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, signal.SIG_DFL)
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    end_with_parent(signal.SIGKILL, parent)
    solve_order(order)
    connections.close_all()


def _watch(order: PlanOrder, child: ForkProcess, stop: Stop) -> None:
    """Renew the lease while the child works; return when it has ended, or must end."""
    child.join(_WATCH_S)
    while child.exitcode is None:
        if not _is_held(order):
            return
        if stop.is_set():
            child.kill()
            child.join()
            return_order(order)
            return
        child.join(_WATCH_S)
    if child.exitcode:
        _tell_ended(order, child.exitcode)


def _is_held(order: PlanOrder) -> bool:
    try:
        return renew_lease(order)
    except OperationalError:
        # A long import holds the one writer of SQLite; whoever waits for it as well cannot take the order either.
        logger.warning("The lease of order %d could not be renewed now", order.pk)
        return True


def _tell_ended(order: PlanOrder, code: int) -> None:
    how = f"signal {-code}" if code < 0 else f"exit code {code}"
    error = MusterError(
        f"The system ended the planner ({how}).",
        remedy="Plan a smaller area, or give the server more memory.",
    )
    try:
        fail_order(order, error)
    except OrderLostError:
        logger.warning("Order %d had ended before its planner did", order.pk)
