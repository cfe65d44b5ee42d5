"""A Dask cluster as a place to compute: asked whether it is there, used, and left."""

from __future__ import annotations

import warnings
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from muster.planning.result import ProblemError

TIMEOUT_S = 30.0
RETRIES = 2
"""How often a task is begun again elsewhere, because its worker died."""


@contextmanager
def open_cluster(address: str, *, timeout_s: float = TIMEOUT_S) -> Iterator[Any]:
    """Open a client of a cluster that has at least one worker.

    Parameters
    ----------
    address
        Of the scheduler, such as ``tcp://10.0.0.1:8786``.
    timeout_s
        How long to wait for the scheduler to answer, and for a first worker to join.

    Raises
    ------
    ProblemError
        If the scheduler cannot be reached or has no worker, or ``distributed`` is not installed.
    """
    client_of = _import_client()
    try:
        client = client_of(address, timeout=timeout_s)
    except (OSError, TimeoutError, ValueError) as error:
        raise ProblemError(f"No scheduler answers at {address} ({error}).") from error
    with client, warnings.catch_warnings():
        _await_worker(client, address, timeout_s)
        # Problems are sent whole, of which the library warns: what is laid out ahead dies with its worker.
        warnings.filterwarnings("ignore", message="Sending large graph")
        yield client


def _await_worker(client: Any, address: str, timeout_s: float) -> None:
    # A scheduler alone takes the tasks and keeps them for ever.
    try:
        client.wait_for_workers(1, timeout=timeout_s)
    except TimeoutError as error:
        raise ProblemError(f"No worker has joined the scheduler at {address}.") from error


def _import_client() -> Callable[..., Any]:
    try:
        from distributed import Client  # noqa: PLC0415  # an extra that most installations do without
    except ImportError as error:
        raise ProblemError("Solving over a cluster needs the extra: pip install muster[distributed].") from error
    client: Callable[..., Any] = Client
    return client
