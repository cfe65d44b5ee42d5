"""Processes that do not outlive the one that started them."""

from __future__ import annotations

import ctypes
import os
import signal

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
