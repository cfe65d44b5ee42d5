"""The one way in which kernels are compiled: cached on disk, without the interpreter lock, typed."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any, TypeVar, cast

import numpy as np
from numba import njit
from numpy.typing import NDArray

FunctionT = TypeVar("FunctionT", bound=Callable[..., Any])

Bools = NDArray[np.bool_]
Shorts = NDArray[np.int16]
Ints = NDArray[np.int32]
Reals = NDArray[np.float64]
Singles = NDArray[np.float32]


def compiled(function: FunctionT) -> FunctionT:
    """Compile a function to machine code on first use and keep it in the cache beside its module."""
    return cast("FunctionT", njit(cache=True, nogil=True, error_model="numpy")(function))


def inlined(function: FunctionT) -> FunctionT:
    """Compile a function into its few callers only, which saves compiling it once more by itself."""
    return cast("FunctionT", njit(cache=True, nogil=True, error_model="numpy", inline="always")(function))


def drop_stale_cache(folder: Path) -> None:
    """Delete cached machine code that is older than any source of the folder.

    The cache knows when a kernel's own file has changed, but not when a kernel that it calls has: without this,
    an update of one file would leave its old code running inside the others.
    """
    newest_ns = max(path.stat().st_mtime_ns for path in folder.glob("*.py"))
    for index in folder.glob("__pycache__/*.nbi"):
        # Processes that start together clean up together: a file may be gone by now.
        with suppress(FileNotFoundError):
            if index.stat().st_mtime_ns < newest_ns:
                index.unlink()


drop_stale_cache(Path(__file__).parent)
