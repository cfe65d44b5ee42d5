"""Who the wardens are: told by the room that appoints them, which lies above this one and registers here."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping

from muster.emergencies.models import Emergency

FindWardens = Callable[[Emergency, Collection[str]], Mapping[str, int]]
"""Finds, by path of an area, the number of whoever answers for it: the nearest warden on the way up."""

_finders: list[FindWardens] = []


def register_wardens(find: FindWardens) -> None:
    """Register who finds the wardens; registering again replaces it."""
    _finders[:] = [find]


def find_wardens(emergency: Emergency, paths: Collection[str]) -> Mapping[str, int]:
    """Find who answers for areas, by path; an area that nobody answers for is left out."""
    return _finders[0](emergency, paths) if _finders and paths else {}
