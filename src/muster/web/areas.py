"""The page of an area: its map or its doors, and who answers for it; appointing, replacing, ending."""

from __future__ import annotations

from dataclasses import dataclass

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from muster.access.kinds import Right
from muster.access.queries import access_area, access_person
from muster.coverage.actions import appoint, end_appointment, replace
from muster.coverage.kinds import AppointmentRole
from muster.emergencies.queries import get_active
from muster.kernel import clock
from muster.kernel.errors import RuleError
from muster.situation.board import Frame
from muster.situation.board_area import AreaView, get_holding, list_nearest
from muster.situation.board_doors import find_matrix_area, read_matrix
from muster.situation.board_gaps import read_remedy_names
from muster.web.board_canvas import read_canvas, read_view
from muster.web.frame import get_actor, open_frame, screen, show
from muster.web.map_compound import draw_compound
from muster.web.playback import find_moment, show_past
from muster.web.refusals import say_refusal
from muster.web.together import take_report
from muster.web.words import list_end_reasons, say_warden


@dataclass(frozen=True)
class Asked:
    """The role that somebody is sought for."""

    role: str
    word: str
    is_replacement: bool


@screen
@require_safe
def show_area(request: HttpRequest, code: str) -> HttpResponse:
    """Show an area: from the city down to one unit."""
    frame = open_frame(request, code)
    at = find_moment(request, frame)
    if at is not None and find_matrix_area(frame.area, frame.home) is None:
        return show_past(request, frame, at)
    return show_area_page(request, frame)


def show_area_page(
    request: HttpRequest, frame: Frame, *, refusal: RuleError | None = None, status: int = 200, first_next: str = ""
) -> HttpResponse:
    """Show the page of the frame's area: doors where wardens answer, a map above."""
    view = read_view(frame)
    compound = find_matrix_area(frame.area, frame.home)
    if compound is None:
        canvas = read_canvas(frame, view)
        return show(request, "board.html", frame, view=view, first_next=first_next, status=status, **canvas)
    asked = _read_asked(request, view)
    matrix = read_matrix(frame.emergency, compound)
    return show(
        request,
        "doors.html",
        frame,
        view=view,
        matrix=matrix,
        plan=draw_compound(matrix),
        asked=asked,
        candidates=list_nearest(frame.actor, frame.area, frame.now) if asked and frame.may_appoint else (),
        end_reasons=list_end_reasons(),
        remedy_names=_read_names(frame, view) if frame.may_see_people else {},
        refusal=say_refusal(refusal) if refusal else None,
        report=take_report(request),
        status=status,
    )


def _read_names(frame: Frame, view: AreaView) -> dict[str, str]:
    gaps = view.coverage.gaps if view.coverage else ()
    return read_remedy_names(frame.actor, (gap.why_detail for gap in gaps))


def _read_asked(request: HttpRequest, view: AreaView) -> Asked | None:
    """Return the role that is asked about, or the first that nobody holds."""
    if view.coverage is None or not view.is_answered_for:
        return None
    replaced, wanted = request.GET.get("replace"), request.GET.get("appoint")
    if replaced in AppointmentRole.values:
        return Asked(replaced, _say_role(view, replaced), is_replacement=True)
    if wanted not in AppointmentRole.values:
        holders = {AppointmentRole.WARDEN: view.coverage.warden, AppointmentRole.DEPUTY: view.coverage.deputy}
        wanted = next((role.value for role, holder in holders.items() if holder is None), None)
    return Asked(wanted, _say_role(view, wanted), is_replacement=False) if wanted else None


def _say_role(view: AreaView, role: str) -> str:
    return say_warden(view.area.level) if role == AppointmentRole.WARDEN else _("deputy")


@screen
@require_POST
def appoint_person(request: HttpRequest, code: str) -> HttpResponse:
    """Appoint a person, or put them in another's place; a refusal is shown where the list was."""
    actor = get_actor(request)
    area = access_area(actor, code, right=Right.APPOINT)
    person = access_person(actor, request.POST.get("person", ""), Right.APPOINT)
    emergency, now = get_active(area), clock.now()
    try:
        role = _read_role(request)
        if request.POST.get("replace"):
            holding = get_holding(emergency, area, role)
            replace(actor=actor, now=now, appointment=holding, person=person, reason="replaced")
        else:
            appoint(actor=actor, now=now, emergency=emergency, area=area, person=person, role=role)
    except RuleError as error:
        return show_area_page(request, open_frame(request, code), refusal=error, status=409)
    return redirect("area", code)


@screen
@require_POST
def end_person(request: HttpRequest, code: str) -> HttpResponse:
    """End an appointment; the gap that opens is shown at once."""
    actor = get_actor(request)
    area = access_area(actor, code, right=Right.APPOINT)
    reason = request.POST.get("reason", "")
    try:
        holding = get_holding(get_active(area), area, _read_role(request))
        end_appointment(actor=actor, now=clock.now(), appointment=holding, reason=reason)
    except RuleError as error:
        return show_area_page(request, open_frame(request, code), refusal=error, status=409)
    return redirect("area", code)


def _read_role(request: HttpRequest) -> AppointmentRole:
    asked = request.POST.get("role", "")
    if asked not in AppointmentRole.values:
        raise RuleError(_("There is no such role."), remedy=_("Choose warden or deputy."))
    return AppointmentRole(asked)
