"""Compile a function to machine code once, and keep it on disk for the next process."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar, cast

import numba

FunctionT = TypeVar("FunctionT", bound=Callable[..., object])


def compiled(function: FunctionT) -> FunctionT:
    """Compile a function with numba, keeping its type for the checker.

    The machine code is cached beside the source, or in the user's cache folder if that is read-only.
    Divisions follow IEEE instead of raising, which lets inner loops vectorize; while it runs, other threads may.
    """
    return cast("FunctionT", numba.njit(cache=True, nogil=True, error_model="numpy")(function))
