"""The one way in which kernels are compiled: once, kept on disk for the next process, typed for the checker."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any, TypeVar, cast

import numba

FunctionT = TypeVar("FunctionT", bound=Callable[..., Any])


def compiled(function: FunctionT) -> FunctionT:
    """Compile a function with numba, keeping its type for the checker.

    The machine code is cached beside the source, or in the user's cache folder if that is read-only.
    Divisions follow IEEE instead of raising, which lets inner loops vectorize; while it runs, other threads may.
    """
    return cast("FunctionT", numba.njit(cache=True, nogil=True, error_model="numpy")(function))


def inlined(function: FunctionT) -> FunctionT:
    """Compile a function into its few callers only, which saves compiling it once more by itself."""
    return cast("FunctionT", numba.njit(cache=True, nogil=True, error_model="numpy", inline="always")(function))


def _drop_stale_caches(folder: Path) -> None:
    """Delete cached machine code that is older than any source beside it.

    The cache knows when a kernel's own file has changed, but not when a kernel that it calls has: without this,
    an update of one file would leave its old code running inside the others.
    """
    newest_ns = max(path.stat().st_mtime_ns for path in folder.rglob("*.py"))
    for index in folder.rglob("__pycache__/*.nbi"):
        # Processes that start together clean up together: a file may be gone by now.
        with suppress(FileNotFoundError):
            if index.stat().st_mtime_ns < newest_ns:
                index.unlink()


_drop_stale_caches(Path(__file__).parent)
