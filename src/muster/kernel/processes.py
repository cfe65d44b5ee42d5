"""Processes that do not outlive the one that started them, and what memory they take."""

from __future__ import annotations

import ctypes
import os
import signal
from collections import defaultdict
from pathlib import Path

_PARENT_DEATH_SIGNAL = 1


def end_with_parent(number: int, parent: int) -> None:
    """Ask Linux to end this process when its parent ends, however that comes about.

    Parameters
    ----------
    number
        The signal that this process is then sent.
    parent
        Number of the parent's process; when that has ended already, this one ends at once.
    """
    ctypes.CDLL(None).prctl(_PARENT_DEATH_SIGNAL, number)
    if os.getppid() != parent:
        os.kill(os.getpid(), signal.SIGKILL)


def read_memory_mb(pid: int) -> int | None:
    """Read how much memory a process and all beneath it take, what they share counted once; None where Linux is not.

    Parameters
    ----------
    pid
        Number of the process at the top.
    """
    proc = Path("/proc")
    if not (proc / str(pid) / "smaps_rollup").exists():
        return None
    children: dict[int, list[int]] = defaultdict(list)
    for entry in proc.iterdir():
        if entry.name.isdigit():
            children[_read_parent(entry)].append(int(entry.name))
    found, rest = 0, [pid]
    while rest:
        one = rest.pop()
        found += _read_share_kb(proc / str(one))
        rest += children[one]
    return round(found * 1024 / 1e6)


def _read_parent(entry: Path) -> int:
    try:
        # Its name, in brackets, may hold anything.
        return int((entry / "stat").read_text().rpartition(")")[2].split()[1])
    except OSError:
        return 0


def _read_share_kb(entry: Path) -> int:
    try:
        lines = (entry / "smaps_rollup").read_text().splitlines()
    except OSError:
        return 0
    return sum(int(line.split()[1]) for line in lines if line.startswith("Pss:"))
