"""The text format of the public shift-scheduling benchmark (Curtois and Qu 2014), read to a rostering problem."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np

from muster.planning.result import ProblemError
from muster.planning.rostering.problem import History, Person, Request, RosterProblem, ShiftType

SECTIONS = (
    "HORIZON",
    "SHIFTS",
    "STAFF",
    "DAYS_OFF",
    "SHIFT_ON_REQUESTS",
    "SHIFT_OFF_REQUESTS",
    "COVER",
)
LARGEST = 10**9


@dataclass(slots=True)
class _Draft:
    """What has been read so far."""

    n_days: int = 0
    shifts: list[ShiftType] = field(default_factory=list)
    shift_index: dict[str, int] = field(default_factory=dict)
    forbidden: list[tuple[int, str, str]] = field(default_factory=list)
    people: list[Person] = field(default_factory=list)
    person_index: dict[str, int] = field(default_factory=dict)
    days_off: list[tuple[int, int]] = field(default_factory=list)
    requests: list[Request] = field(default_factory=list)
    cover: dict[tuple[int, int], tuple[int, int, int]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class _Place:
    """A line of a file, for messages."""

    path: Path
    section: str
    line: int

    def error(self, what: str) -> ProblemError:
        return ProblemError(f"{self.path}, section {self.section}, line {self.line}: {what}")

    def whole(self, text: str, name: str) -> int:
        try:
            value = int(text)
        except ValueError:
            raise self.error(f"{name} {text!r} is not a whole number; correct it") from None
        if not 0 <= value <= LARGEST:
            raise self.error(f"{name} {value} is not between 0 and {LARGEST}; correct it")
        return value

    def known(self, name: str, index: dict[str, int], kind: str) -> int:
        if name not in index:
            raise self.error(f"{kind} {name!r} is not declared; declare it or correct the name")
        return index[name]

    def day(self, text: str, draft: _Draft) -> int:
        day = self.whole(text, "day")
        if day >= draft.n_days:
            raise self.error(f"day {day} is outside the horizon of {draft.n_days} days (the first is 0)")
        return day


def _read_horizon(draft: _Draft, cells: list[str], at: _Place) -> None:
    if draft.n_days:
        raise at.error("the horizon is given twice; keep one")
    draft.n_days = at.whole(cells[0], "horizon")
    if draft.n_days < 1:
        raise at.error("the horizon must be at least one day")


def _read_shift(draft: _Draft, cells: list[str], at: _Place) -> None:
    name, length_min = cells[0], at.whole(cells[1], "length")
    if not name or name in draft.shift_index:
        raise at.error(f"shift {name!r} is empty or declared twice; give each its own name")
    if length_min < 1:
        raise at.error(f"shift {name}: the length must be at least one minute")
    draft.shift_index[name] = len(draft.shifts)
    draft.shifts.append(ShiftType(name, 0, length_min))
    draft.forbidden += [(at.line, name, later) for later in cells[2].split("|") if later]


def _read_staff(draft: _Draft, cells: list[str], at: _Place) -> None:
    name = cells[0]
    if not name or name in draft.person_index:
        raise at.error(f"employee {name!r} is empty or declared twice; give each their own ID")
    limits = {}
    for part in filter(None, cells[1].split("|")):
        shift, sign, count = part.partition("=")
        if not sign:
            raise at.error(f"{part!r} is not SHIFT=COUNT")
        at.known(shift, draft.shift_index, "shift")
        limits[shift] = at.whole(count, f"limit of {shift}")
    most, least, run, min_run, off, weekends = (at.whole(cell, "limit") for cell in cells[2:])
    draft.person_index[name] = len(draft.people)
    draft.people.append(
        Person(
            name=name,
            max_minutes=most,
            min_minutes=least,
            max_run_days=run,
            min_run_days=max(1, min_run),
            min_days_off=max(1, off),
            max_weekends=weekends,
            max_of_type={shift: count for shift, count in limits.items() if count < draft.n_days},
            history=History(has_open_start=True),
        )
    )


def _read_days_off(draft: _Draft, cells: list[str], at: _Place) -> None:
    person = at.known(cells[0], draft.person_index, "employee")
    draft.days_off += [(person, at.day(cell, draft)) for cell in cells[1:] if cell]


def _read_request(draft: _Draft, cells: list[str], at: _Place) -> None:
    person = at.known(cells[0], draft.person_index, "employee")
    shift = at.known(cells[2], draft.shift_index, "shift")
    weight = at.whole(cells[3], "weight")
    draft.requests.append(Request(person, at.day(cells[1], draft), shift, weight, at.section.endswith("ON_REQUESTS")))


def _read_cover(draft: _Draft, cells: list[str], at: _Place) -> None:
    day, shift = at.day(cells[0], draft), at.known(cells[1], draft.shift_index, "shift")
    if (day, shift) in draft.cover:
        raise at.error(f"cover of day {day}, shift {cells[1]} is given twice; keep one")
    wanted, under, over = (at.whole(cell, "cover") for cell in cells[2:])
    draft.cover[day, shift] = (wanted, under, over)


_READERS: dict[str, tuple[Callable[[_Draft, list[str], _Place], None], int]] = {
    "HORIZON": (_read_horizon, 1),
    "SHIFTS": (_read_shift, 3),
    "STAFF": (_read_staff, 8),
    "DAYS_OFF": (_read_days_off, 0),
    "SHIFT_ON_REQUESTS": (_read_request, 4),
    "SHIFT_OFF_REQUESTS": (_read_request, 4),
    "COVER": (_read_cover, 5),
}


def read_roster_text(path: Path) -> RosterProblem:
    """Read a benchmark file.

    Parameters
    ----------
    path
        The file. Sections ``SECTION_HORIZON``, ``SHIFTS``, ``STAFF``, ``DAYS_OFF``, ``SHIFT_ON_REQUESTS``,
        ``SHIFT_OFF_REQUESTS`` and ``COVER``, in this order; ``#`` starts a comment. Day 0 is a Monday.

    Returns
    -------
    RosterProblem
        With the benchmark's conventions at the edges: a run of work or days off that touches either end of the
        horizon has no least length.

    Raises
    ------
    ProblemError
        Naming file, section, line and what to do.
    """
    try:
        lines = path.read_text(encoding="utf-8-sig").splitlines()
    except OSError as error:
        raise ProblemError(f"{path}: cannot be read ({error.strerror}); check the path") from None
    except UnicodeDecodeError:
        raise ProblemError(f"{path}: is not UTF-8 text; convert it") from None
    draft, section = _Draft(), ""
    seen: list[str] = []
    for number, raw in enumerate(lines, start=1):
        text = raw.strip()
        if not text or text.startswith("#"):
            continue
        if text.startswith("SECTION_"):
            section = text.removeprefix("SECTION_")
            _open_section(section, seen, _Place(path, section, number))
        else:
            _read_line(draft, text, _Place(path, section or "none", number))
    missing = [name for name in SECTIONS if name not in seen]
    if missing:
        raise ProblemError(f"{path}: section SECTION_{missing[0]} is missing; add it")
    return _build(draft, path)


def _open_section(section: str, seen: list[str], at: _Place) -> None:
    if section not in _READERS:
        raise at.error(f"unknown section; the sections are {', '.join(SECTIONS)}")
    if section in seen:
        raise at.error("the section appears twice; join the two")
    if seen and SECTIONS.index(section) < SECTIONS.index(seen[-1]):
        raise at.error(f"the section comes after {seen[-1]}; put it before")
    seen.append(section)


def _read_line(draft: _Draft, text: str, at: _Place) -> None:
    if at.section not in _READERS:
        raise at.error(f"{text!r} stands before the first section")
    reader, n_cells = _READERS[at.section]
    cells = [cell.strip() for cell in text.split(",")]
    if n_cells and len(cells) != n_cells:
        raise at.error(f"{len(cells)} fields, expected {n_cells}: {text!r}")
    reader(draft, cells, at)


def _build(draft: _Draft, path: Path) -> RosterProblem:
    for line, _, later in draft.forbidden:
        _Place(path, "SHIFTS", line).known(later, draft.shift_index, "shift")
    if not draft.n_days:
        raise ProblemError(f"{path}, section HORIZON: no number of days; give one")
    shape = (draft.n_days, len(draft.shifts))
    demand, under, over = np.zeros(shape, np.int64), np.zeros(shape), np.zeros(shape)
    for cell, (wanted, under_weight, over_weight) in draft.cover.items():
        demand[cell], under[cell], over[cell] = wanted, under_weight, over_weight
    allowed = np.ones((len(draft.people), *shape), np.bool_)
    for person, day in draft.days_off:
        allowed[person, day, :] = False
    for p, person_rules in enumerate(draft.people):
        for name, limit in person_rules.max_of_type.items():
            if limit == 0:
                allowed[p, :, draft.shift_index[name]] = False
    return RosterProblem(
        n_days=draft.n_days,
        shifts=tuple(draft.shifts),
        people=tuple(draft.people),
        demand=demand,
        under_weight=under,
        over_weight=over,
        allowed=allowed,
        forbidden=frozenset((earlier, later) for _, earlier, later in draft.forbidden),
        requests=tuple(draft.requests),
    )
