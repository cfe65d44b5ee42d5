"""The benchmark's rules once more, read off its description: plain lists and dictionaries, nothing of the package."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import groupby, pairwise

Duties = dict[tuple[str, int], str]


def sections(text: str) -> dict[str, list[list[str]]]:
    """Split a file into the rows of each section, cells by comma."""
    found: dict[str, list[list[str]]] = {}
    name = ""
    for line in text.splitlines():
        if line.startswith("SECTION_"):
            name = line.removeprefix("SECTION_")
            found[name] = []
        elif line and not line.startswith("#"):
            found[name].append(line.split(","))
    return found


def penalty(text: str, duties: Duties) -> int | None:
    """Return what a roster costs, or None when it breaks a rule."""
    told = sections(text)
    days = int(told["HORIZON"][0][0])
    if any(True for row in told["STAFF"] for _ in _faults(told, row, days, duties)):
        return None
    total = sum(int(w) for who, day, shift, w in told["SHIFT_ON_REQUESTS"] if duties.get((who, int(day))) != shift)
    total += sum(int(w) for who, day, shift, w in told["SHIFT_OFF_REQUESTS"] if duties.get((who, int(day))) == shift)
    for day, shift, wanted, under, over in told["COVER"]:
        there = sum(1 for (_, d), s in duties.items() if d == int(day) and s == shift)
        total += max(0, int(wanted) - there) * int(under) + max(0, there - int(wanted)) * int(over)
    return total


def _faults(told: dict[str, list[list[str]]], row: list[str], days: int, duties: Duties) -> Iterator[str]:
    who, limits, *numbers = row
    most_minutes, least_minutes, most_run, least_run, least_off, most_weekends = map(int, numbers)
    minutes = {shift: int(length) for shift, length, _ in told["SHIFTS"]}
    worked = [duties.get((who, day)) for day in range(days)]
    yield from _type_faults(told, limits, worked)
    if not least_minutes <= sum(minutes[shift] for shift in worked if shift) <= most_minutes:
        yield "minutes"
    if sum(1 for day in range(5, days, 7) if any(worked[day : day + 2])) > most_weekends:
        yield "weekends"
    yield from _run_faults([bool(shift) for shift in worked], most_run, least_run, least_off)
    for other, *off in told["DAYS_OFF"]:
        if other == who and any(worked[int(day)] for day in off):
            yield "works on a day off"


def _type_faults(told: dict[str, list[list[str]]], limits: str, worked: list[str | None]) -> Iterator[str]:
    barred = {shift: set(later.split("|")) for shift, _, later in told["SHIFTS"]}
    for one, two in pairwise(worked):
        if one and two in barred[one]:
            yield f"{two} after {one}"
    for part in limits.split("|"):
        shift, most = part.split("=")
        if worked.count(shift) > int(most):
            yield f"too many of {shift}"


def _run_faults(works: list[bool], most_run: int, least_run: int, least_off: int) -> Iterator[str]:
    runs = [(is_work, len(list(group))) for is_work, group in groupby(works)]
    for i, (is_work, length) in enumerate(runs):
        is_inside = 0 < i < len(runs) - 1
        if is_work and length > most_run:
            yield "too many days in a row"
        if is_inside and length < (least_run if is_work else least_off):
            yield "too short a run"
