"""Delivering messages beside the solving: in a process of its own, since a plan is solved for minutes on end."""

from __future__ import annotations

import logging
import multiprocessing
import os
import signal
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager

from django.db import DatabaseError, connections

from muster.jobs.timing import TimeKeeper
from muster.jobs.working import Stop, name_worker
from muster.kernel.processes import end_with_parent
from muster.messages.actions import claim_messages, deliver
from muster.messages.channels import Carry, open_channels

_POLL_S = 1.0
_AGAIN_S = 5.0
_ENDS_WITHIN_S = 20.0

logger = logging.getLogger(__name__)


def deliver_due(
    worker: str, channels: Mapping[str, Carry], stop: Stop, *, between: Callable[[], None] | None = None
) -> int:
    """Deliver what is due, until nothing is or the worker is to stop; return how many were carried or put off.

    ``between`` is called after each few of them: thousands on their way keep no clock from running.
    """
    count = 0
    while not stop.is_set() and (messages := claim_messages(worker)):
        for message in messages:
            if stop.is_set():
                # The lease of the others runs out, and another worker takes them.
                break
            deliver(message, channels)
            count += 1
        if between is not None:
            between()
    return count


def deliver_on(stop: Stop) -> None:
    """Deliver messages, and let time pass, until told to stop."""
    worker, channels, keeper = name_worker(), open_channels(), TimeKeeper()
    while not stop.is_set():
        try:
            deliver_due(worker, channels, stop, between=keeper.pass_time_if_due)
            keeper.pass_time_if_due()
        except DatabaseError:
            logger.exception("The database does not answer")
            connections.close_all()
            stop.wait(_AGAIN_S)
        stop.wait(keeper.wait_s(_POLL_S))


@contextmanager
def delivering_beside() -> Iterator[None]:
    """Have messages delivered by a child process, which ends with this one."""
    open_channels()  # A setting that cannot be read is told at once, and not by a child.
    connections.close_all()
    child = multiprocessing.get_context("fork").Process(target=_deliver, args=(os.getpid(),))
    child.start()
    try:
        yield
    finally:
        child.terminate()
        child.join(_ENDS_WITHIN_S)
        child.kill()
        child.join()


def _deliver(parent: int) -> None:
    end_with_parent(signal.SIGTERM, parent)
    stop = Stop()
    stop.listen()
    deliver_on(stop)
    connections.close_all()
