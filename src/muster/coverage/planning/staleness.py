"""Whether what a plan was made from still stands, and if not, what changed."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from muster.coverage.planning.base import Base
from muster.coverage.planning.tree import Int64s
from muster.kernel.errors import StaleBaseError
from muster.people.models import Person
from muster.plans.models import Plan
from muster.plans.queries import open_problem
from muster.territory.models import Area

_NAMES_GIVEN = 3


def refuse_stale(plan: Plan, base: Base) -> None:
    """Refuse a plan whose base has changed, naming what did.

    Raises
    ------
    StaleBaseError
        If the digest of the rows as they are now is not that of the rows planned from.
    """
    if base.fingerprint() == plan.fingerprint:
        return
    kept, now = open_problem(plan), base.parts()
    raise StaleBaseError(
        f"Since plan {plan.pk} was solved, {_tell_changes(kept, now)} changed.",
        where=plan.area.code,
        remedy="Plan again: it takes what changed into account.",
    )


def _tell_changes(kept: dict[str, NDArray[Any]], now: dict[str, NDArray[Any]]) -> str:
    areas = _changed(kept["base_area_ids"], None, now["area_ids"], None)
    people = _changed(kept["base_person_ids"], kept["base_person_facts"], now["person_ids"], now["person_facts"])
    standing = _changed(kept["base_area_ids"], kept["base_standing"], now["area_ids"], now["standing"])
    standing = standing[~np.isin(standing, areas)]
    parts = [
        _tell("area", areas, _area_names(areas)),
        _tell("person", people, _person_names(people)),
        _tell("appointment", standing, _area_names(standing)),
    ]
    told = [part for part in parts if part]
    return " and ".join(told) if told else "the points or the tree of the territory"


def _changed(
    old_ids: Int64s, old_facts: NDArray[Any] | None, new_ids: Int64s, new_facts: NDArray[Any] | None
) -> Int64s:
    """Return the numbers that came, went, or whose facts (columns of one entry a number) differ."""
    gone_or_come = np.setxor1d(old_ids, new_ids)
    if old_facts is None or new_facts is None:
        return gone_or_come
    both, old_at, new_at = np.intersect1d(old_ids, new_ids, return_indices=True)
    differs = (old_facts[:, old_at] != new_facts[:, new_at]).any(axis=0)
    return np.union1d(gone_or_come, both[differs])


def _tell(noun: str, numbers: Int64s, names: list[str]) -> str:
    if not len(numbers):
        return ""
    more = ", …" if len(numbers) > len(names) else ""
    plural = noun if len(numbers) == 1 else {"person": "people"}.get(noun, noun + "s")
    return f"{len(numbers)} {plural} ({', '.join(names)}{more})"


def _area_names(numbers: Int64s) -> list[str]:
    first = [int(number) for number in numbers[:_NAMES_GIVEN]]
    known = {one.pk: str(one) for one in Area.objects.filter(pk__in=first)}
    return [known.get(number, "removed") for number in first]


def _person_names(numbers: Int64s) -> list[str]:
    first = [int(number) for number in numbers[:_NAMES_GIVEN]]
    known = {one.pk: str(one) for one in Person.objects.filter(pk__in=first)}
    return [known.get(number, "removed") for number in first]
