"""Opening an emergency, with which areas need somebody who answers for them; and ending it, in two steps."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from muster.access.kinds import Right
from muster.access.queries import access_area
from muster.emergencies.actions import GRAVEST_LEVEL, MILDEST_LEVEL, activate, end
from muster.emergencies.queries import find_active, get_emergency, list_codes
from muster.emergencies.rules import propose_code
from muster.kernel import clock
from muster.kernel.errors import RuleError
from muster.situation.board import Frame
from muster.situation.ending import read_ending
from muster.territory.queries import list_levels
from muster.web.frame import get_actor, open_frame, screen, show
from muster.web.places import read_day
from muster.web.refusals import Refusal, say_refusal

KEPT_DAYS = 180
"""What is proposed for how long the data of an emergency is kept."""

_MOST_NAME_CHARS = 80


@dataclass(frozen=True, slots=True)
class Terms:
    """What somebody says of the emergency to be opened."""

    name: str
    name_en: str
    response_level: int
    levels: tuple[str, ...]
    deputy_levels: tuple[str, ...]
    sunset_on: date


@screen
@require_http_methods(["GET", "HEAD", "POST"])
def open_emergency(request: HttpRequest) -> HttpResponse:
    """Ask for what an emergency is, and open it; every doorway without somebody is a gap from then on."""
    sent = request.POST if request.method == "POST" else request.GET
    area = access_area(get_actor(request), sent.get("area", ""), right=Right.ACTIVATE)
    frame = open_frame(request, area.code)
    if request.method != "POST":
        return show(request, "open_emergency.html", frame, tab="") if frame.emergency else _ask(request, frame)
    terms = _read_terms(request, _propose(frame))
    try:
        _open(frame, terms)
    except RuleError as error:
        return _ask(request, frame, terms, refusal=say_refusal(error))
    messages.success(request, _("The emergency is open."))
    return redirect("area", area.code)


@screen
@require_http_methods(["GET", "HEAD", "POST"])
def end_emergency(request: HttpRequest, code: str) -> HttpResponse:
    """Say what ends with an emergency, and end it once its name is typed: nothing brings it back."""
    emergency = get_emergency(code)
    area = access_area(get_actor(request), emergency.area.code, right=Right.ACTIVATE)
    frame = open_frame(request, area.code)
    refusal = None
    typed = request.POST.get("name", "").strip()
    if request.method == "POST":
        try:
            if typed not in {emergency.name_zh, emergency.name_en}:
                raise RuleError("That is not its name.", remedy="Write it as it stands above.")
            end(actor=frame.actor, now=frame.now, emergency=emergency)
        except RuleError as error:
            refusal = say_refusal(error)
        else:
            messages.success(request, _("The emergency has ended."))
            return redirect("area", area.code)
    return show(
        request,
        "end_emergency.html",
        frame,
        tab="",
        emergency=emergency,
        ending=read_ending(emergency, frame.now),
        typed=typed,
        refusal=refusal,
        status=409 if refusal else 200,
    )


def _open(frame: Frame, terms: Terms) -> None:
    if find_active(frame.area) is not None:
        raise RuleError("An emergency is open here already.", remedy="Go on in that one.")
    if not terms.name:
        raise RuleError("The emergency has no name.", remedy="Write what people call it.")
    today = frame.now.astimezone(clock.CITY_ZONE).date()
    activate(
        actor=frame.actor,
        now=frame.now,
        code=propose_code(terms.name, today, list_codes()),
        name_zh=terms.name,
        name_en=terms.name_en or terms.name,
        response_level=terms.response_level,
        area=frame.area,
        levels=terms.levels,
        deputy_levels=terms.deputy_levels,
        sunset_on=terms.sunset_on,
    )


def _propose(frame: Frame) -> Terms:
    wanted = tuple(level.slug for level in list_levels() if level.needs_warden)
    until = frame.now.astimezone(clock.CITY_ZONE).date() + timedelta(days=KEPT_DAYS)
    return Terms("", "", 2, wanted, wanted, until)


def _read_terms(request: HttpRequest, proposed: Terms) -> Terms:
    said = request.POST
    level = said.get("response_level", "")
    return Terms(
        name=said.get("name", "").strip()[:_MOST_NAME_CHARS],
        name_en=said.get("name_en", "").strip()[:_MOST_NAME_CHARS],
        response_level=int(level) if level in map(str, range(GRAVEST_LEVEL, MILDEST_LEVEL + 1)) else 2,
        levels=tuple(slug for slug in proposed.levels if slug in said.getlist("levels")),
        deputy_levels=tuple(slug for slug in proposed.levels if slug in said.getlist("deputy_levels")),
        sunset_on=read_day(request, "sunset_on", proposed.sunset_on),
    )


def _ask(
    request: HttpRequest, frame: Frame, terms: Terms | None = None, *, refusal: Refusal | None = None
) -> HttpResponse:
    levels = [level for level in list_levels() if level.needs_warden]
    return show(
        request,
        "open_emergency.html",
        frame,
        tab="",
        terms=terms or _propose(frame),
        levels=levels,
        grades=range(GRAVEST_LEVEL, MILDEST_LEVEL + 1),
        refusal=refusal,
        status=409 if refusal else 200,
    )
