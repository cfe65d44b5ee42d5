"""Kernels are compiled before any time limit runs."""

from __future__ import annotations

import pytest

from muster.planning.assignment.warm import warm_up


@pytest.fixture(scope="session", autouse=True)
def compiled_kernels() -> None:
    warm_up()
