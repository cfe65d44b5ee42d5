"""The page of a door: where it is, who answers for it, how to ask."""

from __future__ import annotations

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.views.decorators.http import require_safe

from muster.needs.queries.doors import Door
from muster.needs.rules import read_code
from muster.web.door.frame import door_screen, show
from muster.web.door.words import KINDS


@require_safe
@door_screen
def show_door(request: HttpRequest, door: Door) -> HttpResponseBase:
    """Show a door, to whoever stands at it."""
    return show(request, "door/page.html", door, kinds=KINDS)


@require_safe
def find_door(request: HttpRequest) -> HttpResponseBase:
    """Lead to the door whose address somebody typed, from the page that asks for one."""
    code = read_code(request.GET.get("door", ""))[:16]
    return redirect("door", code=code) if code else show(request, "door/absent.html", None, is_asked=True)
