"""What the surroundings say: where state lives, which database, which secrets."""

from __future__ import annotations

import os
import secrets
import tempfile
from contextlib import suppress
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit

from muster.kernel.errors import MusterError


def data_dir() -> Path:
    """Return the one folder that all state lives in (``MUSTER_DATA``, ``var/`` by default)."""
    return Path(os.environ.get("MUSTER_DATA", "var")).resolve()


def read_secret(name: str) -> str:
    """Return a secret from ``MUSTER_<NAME>``, or one made once and kept in the data folder.

    Parameters
    ----------
    name
        Lower-case name, such as ``secret_key``.
    """
    given = os.environ.get(f"MUSTER_{name.upper()}")
    if given:
        return given
    path = data_dir() / name
    if not path.exists():
        _make_secret(path)
    return path.read_text(encoding="ascii").strip()


def _make_secret(path: Path) -> None:
    """Make a secret, closed to others from the first moment on, unless another process makes it at the same time."""
    # The folder holds names of people; whoever runs the server reads them, and nobody else on the machine.
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    # Written aside and then linked to its name: nobody may find it half-written, and the first one stays.
    descriptor, aside = tempfile.mkstemp(prefix=f".{path.name}.", dir=path.parent)
    try:
        with os.fdopen(descriptor, "w", encoding="ascii") as file:
            file.write(secrets.token_urlsafe(48))
        with suppress(FileExistsError):
            os.link(aside, path)
    finally:
        Path(aside).unlink()


def database() -> dict[str, Any]:
    """Return Django's database setting: PostgreSQL from ``DATABASE_URL``, else SQLite in the data folder.

    Raises
    ------
    MusterError
        If ``DATABASE_URL`` is no address of a PostgreSQL.
    """
    url = os.environ.get("DATABASE_URL", "")
    return _postgresql(url) if url else _sqlite()


# Opening a connection takes longer than taking a check-in. One that has died is noticed before it is used.
_KEPT_OPEN = {"CONN_MAX_AGE": 60, "CONN_HEALTH_CHECKS": True}


def _sqlite() -> dict[str, Any]:
    return {
        "ENGINE": "django.db.backends.sqlite3",
        "NAME": data_dir() / "muster.sqlite3",
        "OPTIONS": {
            "timeout": 20,
            # A transaction that will write must take the write lock first, or two of them can deadlock.
            "transaction_mode": "IMMEDIATE",
            # FULL: a commit waits for the disk, so that what was acknowledged outlives a lost current. NORMAL outlives
            # a killed server only.
            "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA cache_size=-65536;",
        },
        **_KEPT_OPEN,
    }


def _postgresql(url: str) -> dict[str, Any]:
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError as error:
        raise _refuse_address("is no address") from error
    if parts.scheme not in {"postgres", "postgresql"}:
        raise _refuse_address(f"begins with {parts.scheme!r}")
    query = {name: values[-1] for name, values in parse_qs(parts.query).items()}
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": unquote(parts.path.lstrip("/")),
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": query.pop("host", parts.hostname or ""),
        "PORT": str(port or ""),
        "OPTIONS": query,
        **_KEPT_OPEN,
    }


def _refuse_address(what: str) -> MusterError:
    """Return the refusal of an address that is not repeated: it may hold a password."""
    return MusterError(f"DATABASE_URL {what}.", remedy="Give it as postgresql://user:password@host:5432/name.")
