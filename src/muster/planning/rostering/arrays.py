"""Kinds of array that the rostering kernels share."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Bools = NDArray[np.bool_]
Shorts = NDArray[np.int16]
Ints = NDArray[np.int32]
Reals = NDArray[np.float64]
Singles = NDArray[np.float32]
