"""Measures of how evenly nights, weekends and hours are shared, as it was and with all that is planned."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import numpy as np

from muster.duty.rules import IntArray
from muster.people.queries import list_people
from muster.situation.measures.scope import Column, Form, Measure, Row, Scope

LOADS = (("nights", "夜班", "nights"), ("weekends", "周末", "weekends"), ("hours", "工时", "hours"))
MOMENTS = (("_before", "（此前四周）", "in the four weeks up to now"), ("", "（含已排）", "with all that is planned"))
BATCH = 500


def _spread(load: str, at: int) -> Callable[[Scope], float]:
    def value(scope: Scope) -> float:
        amounts = getattr(scope.loads[at], load)
        return float(np.std(amounts)) if len(amounts) else 0.0

    return value


def _rows(load: str, at: int) -> Callable[[Scope], Iterator[Row]]:
    def rows(scope: Scope) -> Iterator[Row]:
        loads = scope.loads[at]
        names = _name(loads.person)
        yield from sorted(
            (*names[person], amount)
            for person, amount in zip(loads.person.tolist(), getattr(loads, load).tolist(), strict=True)
        )

    return rows


def _name(people: IntArray) -> dict[int, tuple[str, str]]:
    numbers = people.tolist()
    return {
        number: (code, name)
        for start in range(0, len(numbers), BATCH)
        for number, code, name in list_people()
        .filter(pk__in=numbers[start : start + BATCH])
        .values_list("pk", "code", "name")
    }


def _measure(load: tuple[str, str, str], at: int) -> Measure:
    slug, zh, en = load
    suffix, zh_moment, moment = MOMENTS[at]
    return Measure(
        name=f"{slug}_spread{suffix}",
        zh=f"{zh}差距{zh_moment}",
        en=f"how far {en} of people lie apart, {moment}",
        form=Form.SPREAD,
        counted=slug,
        columns=(
            Column("person", "人员", "person"),
            Column("name", "姓名", "name"),
            Column(slug, zh, en),
        ),
        value=_spread(slug, at),
        rows=_rows(slug, at),
    )


MEASURES = tuple(_measure(load, at) for load in LOADS for at in (0, 1))
