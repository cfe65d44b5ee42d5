"""The frame around every page of a door: which door, and what to say where there is none or too much was asked."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt

from muster.kernel import clock
from muster.kernel.errors import MusterError, NotFoundError
from muster.needs.queries.doors import Door, get_door
from muster.web.door.limits import count_wrong_door, may_look_for_door
from muster.web.refusals import say_refusal

DoorScreen = Callable[..., HttpResponseBase]
ABSENT, REFUSED, BUSY = 404, 409, 429


def door_screen(view: DoorScreen) -> DoorScreen:
    """Guard a page of a door: the view is given the door; what it refuses becomes a page that says what to do.

    Nobody is signed in here and a form carries its own secret, so that there is no session to be misused: a page
    works for whoever takes no cookies.
    """

    @csrf_exempt
    @never_cache
    @wraps(view)
    def guarded(request: HttpRequest, code: str, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if not may_look_for_door(request):
            return say_busy(request, None, _("Too many wrong addresses came from your network. Try again in an hour."))
        try:
            door = get_door(code)
        except NotFoundError:
            count_wrong_door(request)
            return render(request, "door/absent.html", {"numbers": list_rescue_numbers()}, status=ABSENT)
        try:
            return view(request, door, *args, **kwargs)
        except MusterError as error:
            return show(request, "door/refused.html", door, status=REFUSED, error=say_refusal(error))

    return guarded


def show(request: HttpRequest, template: str, door: Door | None, *, status: int = 200, **context: Any) -> HttpResponse:
    """Show a page of a door."""
    given = {"door": door, "now": clock.now(), "numbers": list_rescue_numbers(), **context}
    return render(request, template, given, status=status)


def say_busy(request: HttpRequest, door: Door | None, what: str) -> HttpResponse:
    """Say that too much was asked from here, and what works instead."""
    return show(request, "door/busy.html", door, status=BUSY, what=what)


def list_rescue_numbers() -> list[str]:
    """List the numbers that one rings where a life is at risk."""
    numbers: list[str] = settings.RESCUE_NUMBERS
    return numbers
