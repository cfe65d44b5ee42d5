"""Measures of how evenly nights, weekends and hours are shared, as it was and with all that is planned."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from muster.duty.rules import IntArray
from muster.people.queries import list_people
from muster.situation.measures.scope import Column, Form, Measure, Row, Scope

LOADS = (("nights", "夜班", "nights"), ("weekends", "周末", "weekends"), ("hours", "工时", "hours"))
MOMENTS = (("_before", "（至今，折合四周）", "up to now"), ("", "（含已排，折合四周）", "with all that is planned"))
BATCH = 500


def _spread(load: str, at: int) -> Callable[[Scope], float]:
    def value(scope: Scope) -> float:
        return scope.loads[at].apart(load)

    return value


def _rows(load: str, at: int) -> Callable[[Scope], Iterator[Row]]:
    def rows(scope: Scope) -> Iterator[Row]:
        loads = scope.loads[at]
        names = _name(loads.person)
        yield from sorted(
            (*names[person], amount)
            for person, amount in zip(loads.person.tolist(), loads.per_four_weeks(load).tolist(), strict=True)
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
        en=f"how far {en} per four weeks of people lie apart, {moment}",
        form=Form.SPREAD,
        counted=slug,
        columns=(
            Column("person", "人员", "person"),
            Column("name", "姓名", "name"),
            Column(slug, f"{zh}（折合四周）", f"{en} per four weeks"),
        ),
        value=_spread(slug, at),
        rows=_rows(slug, at),
    )


MEASURES = tuple(_measure(load, at) for load in LOADS for at in (0, 1))
