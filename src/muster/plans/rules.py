"""Archives of arrays, and the digest of the rows that a plan was made from."""

from __future__ import annotations

import hashlib
import io
from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

Arrays = dict[str, NDArray[Any]]


def pack_arrays(arrays: Mapping[str, NDArray[Any]]) -> bytes:
    """Pack named arrays into one compressed archive.

    Raises
    ------
    ValueError
        If an array holds Python objects: opening such an archive could run code.
    """
    for name, array in arrays.items():
        if array.dtype.hasobject:
            raise ValueError(f"The array {name} holds objects; keep plain numbers or text.")
    buffer = io.BytesIO()
    np.savez_compressed(buffer, allow_pickle=False, **dict(arrays))
    return buffer.getvalue()


def unpack_arrays(archive: bytes) -> Arrays:
    """Unpack what ``pack_arrays`` packed."""
    if not archive:
        return {}
    with np.load(io.BytesIO(archive), allow_pickle=False) as opened:
        return {name: opened[name] for name in opened.files}


def fingerprint(parts: Mapping[str, NDArray[Any]]) -> str:
    """Return the digest (SHA-256, hexadecimal) of named arrays, whatever order they are given in.

    Parameters
    ----------
    parts
        The rows that a problem is built from, in an order of their own that does not depend on the database.
    """
    digest = hashlib.sha256()
    for name in sorted(parts):
        array = np.ascontiguousarray(parts[name])
        digest.update(f"{name}:{array.dtype.str}:{array.shape};".encode())
        digest.update(array.tobytes())
    return digest.hexdigest()
