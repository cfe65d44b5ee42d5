"""Work on long lists, beside the request that asked for it; how far it is stands in a small file.

The work itself is one transaction of the database, so that nothing half-done is left where a server stops. While it
writes, the database can tell nobody how far it is; hence the file, which all processes of a server read.
"""

from __future__ import annotations

import hashlib
import json
import os
import tempfile
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from django.conf import settings
from django.db import connections

from muster.kernel.errors import MusterError

LONG_ROWS = 3_000
"""From how many rows on the work is done beside the request."""

_EVERY_S = 0.4
_STALE_S = 120

Work = Callable[[Callable[[int, int], None]], object]


@dataclass(frozen=True, slots=True)
class Progress:
    """How far the work on a list is.

    Parameters
    ----------
    done, total
        Rows.
    failed
        What went wrong and what to do, when it failed; else empty.
    """

    done: int
    total: int
    failed: tuple[str, str] | tuple[()] = ()


def run(number: int, work: Work, *, rows: int) -> None:
    """Run the work on a list now, or beside the request when the list is long.

    Raises
    ------
    MusterError
        If the work refuses, and was run now. Refused beside the request, it is told by :func:`read_progress`.
    """
    if rows < LONG_ROWS:
        work(lambda done, total: None)
    elif not is_running(number):
        _write(number, Progress(0, rows))
        threading.Thread(target=_run_beside, args=(number, work, rows), name=f"import {number}").start()


def is_running(number: int) -> bool:
    """Tell whether work on a list goes on."""
    found = read_progress(number)
    return found is not None and not found.failed


def read_progress(number: int) -> Progress | None:
    """Read how far the work on a list is; None when there is none, or it was given up."""
    path = _path(number)
    try:
        if time.time() - path.stat().st_mtime > _STALE_S:
            path.unlink(missing_ok=True)
            return None
        done, total, failed = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return None
    return Progress(done, total, tuple(failed))


def forget(number: int) -> None:
    """Forget what went wrong, once it was told."""
    _path(number).unlink(missing_ok=True)


def _run_beside(number: int, work: Work, rows: int) -> None:
    told_at = time.monotonic()

    def tell(done: int, total: int) -> None:
        nonlocal told_at
        if time.monotonic() - told_at > _EVERY_S:
            told_at = time.monotonic()
            # The work is worth more than the telling of it: a full disk for a moment must not undo it.
            with suppress(OSError):
                _write(number, Progress(done, total))

    stop = threading.Event()
    threading.Thread(target=_keep_fresh, args=(number, stop), daemon=True).start()
    try:
        work(tell)
    except MusterError as error:
        _write(number, Progress(0, rows, (error.what, error.remedy)))
    except Exception:
        _write(number, Progress(0, rows, ("The work on this list has failed.", "Tell whoever runs the server.")))
        raise
    else:
        forget(number)
    finally:
        stop.set()
        connections.close_all()


def _keep_fresh(number: int, stop: threading.Event) -> None:
    """Show that the work goes on, also while it has nothing to tell; a file that grows old was left behind."""
    while not stop.wait(_STALE_S / 4):
        path = _path(number)
        if path.exists():
            path.touch()


def _path(number: int) -> Path:
    mark = hashlib.sha256(
        f"{settings.SECRET_KEY}|{settings.DATABASES['default']['NAME']}|{number}".encode()
    ).hexdigest()
    # Each account of the machine has its own, so that nobody finds a folder that is another's.
    folder = Path(tempfile.gettempdir()) / f"muster-imports-{os.getuid()}"
    folder.mkdir(mode=0o700, exist_ok=True)
    return folder / mark[:32]


def _write(number: int, progress: Progress) -> None:
    path = _path(number)
    unfinished = path.with_suffix(f".{threading.get_ident()}")
    unfinished.write_text(json.dumps([progress.done, progress.total, progress.failed]), encoding="utf-8")
    unfinished.replace(path)
