"""What the surroundings say: where state lives, which database, which secrets."""

from __future__ import annotations

import os
import secrets
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit


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
        path.parent.mkdir(parents=True, exist_ok=True)
        # Created closed to others and in one step: two processes starting together must not make two secrets.
        try:
            descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        except FileExistsError:
            return path.read_text(encoding="ascii").strip()
        with os.fdopen(descriptor, "w", encoding="ascii") as file:
            file.write(secrets.token_urlsafe(48))
    return path.read_text(encoding="ascii").strip()


def database() -> dict[str, Any]:
    """Return Django's database setting: PostgreSQL from ``DATABASE_URL``, else SQLite in the data folder.

    Raises
    ------
    ValueError
        If ``DATABASE_URL`` names another kind of database.
    """
    url = os.environ.get("DATABASE_URL", "")
    return _postgresql(url) if url else _sqlite()


def _sqlite() -> dict[str, Any]:
    return {
        "ENGINE": "django.db.backends.sqlite3",
        "NAME": data_dir() / "muster.sqlite3",
        "OPTIONS": {
            "timeout": 20,
            # A transaction that will write must take the write lock first, or two of them can deadlock.
            "transaction_mode": "IMMEDIATE",
            "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL; PRAGMA cache_size=-65536;",
        },
    }


def _postgresql(url: str) -> dict[str, Any]:
    parts = urlsplit(url)
    if parts.scheme not in {"postgres", "postgresql"}:
        raise ValueError(f"DATABASE_URL begins with {parts.scheme!r}; give a postgresql:// address.")
    query = {name: values[-1] for name, values in parse_qs(parts.query).items()}
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": unquote(parts.path.lstrip("/")),
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": query.pop("host", parts.hostname or ""),
        "PORT": str(parts.port or ""),
        "OPTIONS": query,
    }
