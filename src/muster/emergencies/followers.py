"""Rooms above that act in the same transaction when an emergency begins or ends.

An activation opens gaps and tallies, which live in higher rooms; they register here when they load, so that
whoever activates an emergency can neither forget them nor get half of it.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import NamedTuple

from muster.emergencies.models import Emergency

Step = Callable[[Emergency, datetime], None]


class Follower(NamedTuple):
    """What a room does when an emergency has begun, and when it has ended."""

    begin: Step
    end: Step


_followers: dict[str, Follower] = {}


def follow(room: str, *, begin: Step, end: Step) -> None:
    """Register a room's steps; registering again replaces them."""
    _followers[room] = Follower(begin, end)


def list_followers() -> list[Follower]:
    """List the steps of all rooms, in the order in which they were registered."""
    return list(_followers.values())
