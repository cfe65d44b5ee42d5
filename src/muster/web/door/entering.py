"""Entering at the desk what was told by telephone, on paper or at the counter; and what a door says of its office."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from muster.access.kinds import Right
from muster.access.queries import access_area
from muster.kernel import clock
from muster.kernel.errors import MusterError, NotFoundError
from muster.needs.actions import give_door_addresses
from muster.needs.actions.askers import set_office_phone
from muster.needs.actions.asking import ask_for_help
from muster.needs.queries import access_need
from muster.needs.queries.doors import Door, find_door_code, get_door, read_door
from muster.needs.rules import read_code
from muster.situation.board import Frame
from muster.web.accounts.scopes import read_pick
from muster.web.door.asking import form_of, read_asking
from muster.web.door.frame import REFUSED
from muster.web.frame import get_actor, open_frame, screen, show
from muster.web.picking import Choice, Picked
from muster.web.refusals import say_refusal


@screen
@sensitive_post_parameters()
@require_http_methods(["GET", "HEAD", "POST"])
def show_entering(request: HttpRequest, code: str) -> HttpResponseBase:
    """Ask where somebody is and what they need, and raise it for them."""
    area = access_area(get_actor(request), code, right=Right.REPORT)
    frame = open_frame(request, area.code)
    if request.method != "POST":
        return _show(request, frame, _choose(frame), form_of(request.GET))
    picked = _pick(request)
    if picked.chosen is None:
        what = _("It is not plain yet where it is.")
        refusal = {"what": what, "remedy": _("Choose a place, or type a door's address.")}
        return _show(request, frame, picked, form_of(request.POST), status=REFUSED, refusal=refusal)
    try:
        where = access_area(frame.actor, picked.chosen.code, right=Right.REPORT)
        asked = ask_for_help(
            actor=frame.actor, now=frame.now, area=where, asking=read_asking(request), is_for_other=True
        )
    except MusterError as error:
        return _show(request, frame, picked, form_of(request.POST), status=REFUSED, refusal=say_refusal(error))
    # So that whoever asked can follow it at their door.
    give_door_addresses([where])
    told = urlencode({"entered": asked.need.code, "at": where.code})
    return redirect(f"{reverse('enter_need', args=[frame.area.code])}?{told}")


def _show(
    request: HttpRequest, frame: Frame, picked: Picked, form: Any, *, status: int = 200, **context: Any
) -> HttpResponseBase:
    here = read_door(frame.area, find_door_code(frame.area))
    entered = request.GET.get("entered", "")
    return show(
        request,
        "door/enter.html",
        frame,
        tab="",
        status=status,
        here=here,
        picked=picked,
        entered=entered,
        entered_door=_find_entered(frame, request.GET.get("at", "")) if entered else None,
        **form,
        **context,
    )


def _find_entered(frame: Frame, code: str) -> Door | None:
    try:
        area = access_area(frame.actor, code, right=Right.REPORT)
    except MusterError:
        return None
    return read_door(area, find_door_code(area))


def _choose(frame: Frame) -> Picked:
    """Return the place that the form begins with: the area that is looked at, where it is a doorway."""
    return _picked(read_door(frame.area)) if frame.area.level.needs_warden else Picked()


def _picked(door: Door) -> Picked:
    return Picked(door.area.name, Choice(door.area.code, door.area.name, door.office.name))


def _pick(request: HttpRequest) -> Picked:
    """Tell where it is: by the address that hangs on a door, or by what a field of an area means."""
    try:
        return _picked(get_door(request.POST.get("of_door", "")))
    except NotFoundError:
        return read_pick(request, "door", "areas")


@screen
@require_safe
def find_request(request: HttpRequest, code: str) -> HttpResponseBase:
    """Open the request whose code somebody says on the telephone."""
    need = access_need(get_actor(request), read_code(request.GET.get("need", ""))[:64])
    return redirect(f"{reverse('needs', args=[need.area.code])}?{urlencode({'need': need.code})}")


@screen
@require_POST
def open_door(request: HttpRequest, code: str) -> HttpResponseBase:
    """Give an area's door its address, if it has none, and open its page."""
    area = access_area(get_actor(request), code, right=Right.REPORT)
    return redirect("door", code=give_door_addresses([area])[area.pk])


@screen
@require_POST
def set_phone(request: HttpRequest, code: str) -> HttpResponseBase:
    """Set the public number of an area's office."""
    actor = get_actor(request)
    area = access_area(actor, code, right=Right.APPOINT)
    set_office_phone(actor=actor, now=clock.now(), area=area, phone=request.POST.get("phone", ""))
    return redirect("enter_need", code=area.code)
