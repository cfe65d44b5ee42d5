"""Many wardens at once: the chosen places looked over, a person chosen, done, told one by one, and taken back."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from muster.access.kinds import Right
from muster.access.queries import Actor, access_area, access_person, filter_people
from muster.coverage.actions import TogetherReport, change_together, stand_in_together
from muster.coverage.kinds import AppointmentRole, Exclusion
from muster.coverage.queries import Holder, LedgerRow, read_facts, read_ledger_of
from muster.coverage.rules import find_exclusion
from muster.emergencies.queries import get_active
from muster.kernel import clock
from muster.kernel.errors import RuleError
from muster.people.queries import list_people, search_people
from muster.situation.board import Frame
from muster.situation.board_area import list_nearest
from muster.situation.board_gaps import read_row_places
from muster.territory.queries import beneath
from muster.web.frame import get_actor, open_frame, screen, show
from muster.web.refusals import say_refusal
from muster.web.words import list_end_reasons

CELLS_LIMIT = 300
FOUND_LIMIT = 8
SESSION_KEY = "changed_together"
ACTS = ("appoint", "replace", "stand_in", "end")
_REASONS = {"replace": "replaced", "stand_in": "stood_in"}


@dataclass(frozen=True)
class Cell:
    """A role on an area that was chosen, with whoever holds it."""

    row: LedgerRow
    place: str
    role: AppointmentRole
    holder: Holder | None

    @property
    def value(self) -> str:
        """Return how a form names it."""
        return f"{self.row.code}:{self.role.value}"


@dataclass(frozen=True)
class Asked:
    """What is to be done, to which cells, and with whom."""

    act: str
    names: Sequence[tuple[str, AppointmentRole]]
    person_code: str
    typed: str
    back: str

    @property
    def needs_person(self) -> bool:
        """Tell whether somebody is to be chosen first."""
        return self.act in {"appoint", "replace"}


def _read_asked(values: Any) -> Asked:
    act = values.get("act", "")
    return Asked(
        act=act if act in ACTS else ACTS[0],
        names=list(_read_cells(values.getlist("cell"))),
        person_code=values.get("person", ""),
        typed=values.get("q", ""),
        back=values.get("back", ""),
    )


def _read_cells(typed: Iterable[str]) -> Iterable[tuple[str, AppointmentRole]]:
    for cell in dict.fromkeys(typed):
        code, _colon, role = cell.rpartition(":")
        if code and role in AppointmentRole.values:
            yield code, AppointmentRole(role)


def _read_areas(area: Any, names: Sequence[tuple[str, AppointmentRole]]) -> dict[str, Any]:
    """Read the areas that are named and lie within one; others are as if they had not been named."""
    codes = {code for code, _role in names[:CELLS_LIMIT]}
    found = beneath(area).filter(code__in=codes).select_related("level", "parent").order_by("path")
    return {one.code: one for one in found}


@screen
@require_safe
def show_together(request: HttpRequest, code: str) -> HttpResponse:
    """Show what is about to be done to the chosen cells, and who could be appointed on them."""
    access_area(get_actor(request), code, right=Right.APPOINT)
    frame = open_frame(request, code)
    asked = _read_asked(request.GET)
    areas = _read_areas(frame.area, asked.names)
    cells = _list_cells(frame, asked, areas)
    person = access_person(frame.actor, asked.person_code, Right.APPOINT) if asked.person_code else None
    first = next(iter(areas.values()), None)
    is_choosing = asked.needs_person and person is None
    return show(
        request,
        "together.html",
        frame,
        tab="coverage",
        asked=asked,
        cells=cells,
        person=person,
        room=_read_room(person, frame.now) if person else None,
        nearest=list_nearest(frame.actor, first, frame.now) if first and is_choosing and not asked.typed else (),
        found=_find_people(frame.actor, asked.typed) if is_choosing else (),
        end_reasons=list_end_reasons(),
        acts=[(act, _say_act(act)) for act in ACTS],
    )


@dataclass(frozen=True)
class Room:
    """How many more areas somebody may answer for, and what keeps them from any."""

    held: int
    most: int
    exclusion: Exclusion | None

    @property
    def left(self) -> int:
        """Return how many more areas it may be."""
        return 0 if self.exclusion else self.most - self.held


def _read_room(person: Any, now: datetime) -> Room:
    facts = read_facts(person, now)
    return Room(facts.appointments, facts.max_appointments, find_exclusion(facts))


def _list_cells(frame: Frame, asked: Asked, areas: dict[str, Any]) -> list[Cell]:
    if frame.emergency is None:
        return []
    lines = read_row_places(read_ledger_of(frame.emergency, list(areas.values())), frame.area)
    by_code = {line.row.code: line for line in lines}
    cells = []
    for code, role in asked.names:
        line = by_code.get(code)
        if line is not None:
            holder = line.row.warden if role == AppointmentRole.WARDEN else line.row.deputy
            cells.append(Cell(line.row, line.place, role, holder))
    return cells


def _find_people(actor: Actor, typed: str) -> Sequence[Any]:
    return search_people(typed, filter_people(actor, list_people(), Right.APPOINT), limit=FOUND_LIMIT) if typed else ()


def _say_act(act: str) -> str:
    return {
        "appoint": _("Appoint"),
        "replace": _("Replace"),
        "stand_in": _("Let deputies stand in"),
        "end": _("End the appointment"),
    }[act]


@screen
@require_POST
def do_together(request: HttpRequest, code: str) -> HttpResponse:
    """Do it, and return to where the cells were chosen; what was refused is told there one by one."""
    actor = get_actor(request)
    area = access_area(actor, code, right=Right.APPOINT)
    asked = _read_asked(request.POST)
    person = access_person(actor, asked.person_code, Right.APPOINT) if asked.needs_person else None
    emergency, now, areas = get_active(area), clock.now(), _read_areas(area, asked.names)
    common: dict[str, Any] = {"actor": actor, "now": now, "emergency": emergency}
    common["reason"] = _REASONS.get(asked.act, request.POST.get("reason", "")[:80])
    try:
        if asked.act == "stand_in":
            report = stand_in_together(areas=list(areas.values()), **common)
        else:
            wanted: dict[Any, dict[AppointmentRole, Any]] = {}
            for named, role in asked.names:
                if named in areas:
                    wanted.setdefault(areas[named], {})[role] = person
            report = change_together(wanted=wanted, may_replace=asked.act != "appoint", **common)
    except RuleError as error:
        return _refuse(request, code, error)
    return _keep_report(request, code, report, may_undo=True)


@screen
@require_POST
def undo_together(request: HttpRequest, code: str) -> HttpResponse:
    """Take a change of many back, as far as nobody has changed it since."""
    actor = get_actor(request)
    area = access_area(actor, code, right=Right.APPOINT)
    changes = [parts for change in request.POST.getlist("change") if _is_change(parts := change.split("|"))]
    named = [(parts[0], AppointmentRole(parts[1])) for parts in changes]
    areas = _read_areas(area, named)
    people = {one: access_person(actor, one, Right.APPOINT) for parts in changes for one in parts[2:] if one}
    wanted: dict[Any, dict[AppointmentRole, Any]] = {}
    expected: dict[Any, dict[AppointmentRole, Any]] = {}
    for (name, role), parts in zip(named, changes, strict=True):
        if name in areas:
            wanted.setdefault(areas[name], {})[role] = people.get(parts[2])
            expected.setdefault(areas[name], {})[role] = people.get(parts[3])
    try:
        report = change_together(
            actor=actor,
            now=clock.now(),
            emergency=get_active(area),
            wanted=wanted,
            expected=expected,
            reason="undone",
        )
    except RuleError as error:
        return _refuse(request, code, error)
    return _keep_report(request, code, report, may_undo=False)


def _is_change(parts: Sequence[str]) -> bool:
    return len(parts) == len(("area", "role", "before", "after")) and parts[1] in AppointmentRole.values


def _refuse(request: HttpRequest, code: str, error: RuleError) -> HttpResponse:
    refusal = say_refusal(error)
    messages.error(request, f"{refusal.what} {refusal.remedy}".strip())
    return _go_back(request, code)


def _keep_report(request: HttpRequest, code: str, report: TogetherReport, *, may_undo: bool) -> HttpResponse:
    """Keep what was done for the next page, which tells it once."""
    undo = [
        "|".join((one.area.code, one.role, one.before.code if one.before else "", one.after.code if one.after else ""))
        for one in report.done
    ]
    refused = []
    for one in report.refused:
        refusal = say_refusal(one.error)
        above = f"{one.area.parent.name} " if one.area.parent else ""
        refused.append([one.area.code, above + one.area.name, refusal.what, refusal.remedy])
    request.session[SESSION_KEY] = {
        "code": code,
        "done": len(report.done),
        "refused": refused,
        "undo": undo if may_undo else [],
        "is_undone": not may_undo,
    }
    return _go_back(request, code)


def take_report(request: HttpRequest) -> dict[str, Any] | None:
    """Take what the last change of many has left to be told, once."""
    report: dict[str, Any] | None = request.session.pop(SESSION_KEY, None)
    return report


def _go_back(request: HttpRequest, code: str) -> HttpResponse:
    back = request.POST.get("back", "")
    is_own = back.startswith("/") and url_has_allowed_host_and_scheme(back, allowed_hosts=None)
    return redirect(back if is_own else reverse("coverage", args=[code]))
