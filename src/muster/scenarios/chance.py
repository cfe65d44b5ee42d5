"""Random numbers of a scenario: one seed, and a stream of its own for every topic and place."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from typing import TypeVar

import numpy as np

Item = TypeVar("Item")


def open_stream(seed: int, *topic: str) -> np.random.Generator:
    """Open the stream of a topic, so that a change in one topic never reshuffles another.

    Parameters
    ----------
    seed
        Seed of the whole scenario, from 0.
    topic
        Words that name the stream, such as ``"people"`` and the code of a township.
    """
    digest = hashlib.sha256("\0".join(topic).encode()).digest()
    words = np.frombuffer(digest, dtype=np.uint32).tolist()
    return np.random.default_rng(np.random.SeedSequence([seed, *words]))


def pick(rng: np.random.Generator, items: Sequence[Item]) -> Item:
    """Pick one of some items, each as likely as the others."""
    return items[int(rng.integers(len(items)))]


def is_chance(rng: np.random.Generator, share: float) -> bool:
    """Tell whether something happens that happens with a share of 0 to 1."""
    return bool(rng.random() < share)


def spread_whole(total: int, weights: Sequence[float]) -> list[int]:
    """Spread a whole number over weights so that the parts add up to it exactly (largest remainders).

    Returns
    -------
    list of int
        One part per weight, in their order; all zero where there are no weights above zero.
    """
    whole = sum(weights)
    if whole <= 0:
        return [0] * len(weights)
    exact = [total * weight / whole for weight in weights]
    parts = [int(part) for part in exact]
    by_remainder = sorted(range(len(parts)), key=lambda at: (parts[at] - exact[at], at))
    for at in by_remainder[: total - sum(parts)]:
        parts[at] += 1
    return parts
