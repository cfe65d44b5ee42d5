"""The pages of a person and of an organization."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from muster.access.queries import access_organization, access_person
from muster.kernel.errors import NotFoundError
from muster.situation.board import Frame
from muster.situation.board_people import read_organization, read_person, seat_of
from muster.web.frame import get_actor, open_frame, screen, show


@screen
@require_safe
def show_person(request: HttpRequest, code: str) -> HttpResponse:
    """Show a person: what they answer for, and when they are on duty."""
    person = access_person(get_actor(request), code)
    area = seat_of(person)
    frame = _open_near(request, area.code if area else None)
    return show(request, "person.html", frame, tab="", view=read_person(frame.emergency, person, frame.now))


@screen
@require_safe
def show_organization(request: HttpRequest, code: str) -> HttpResponse:
    """Show an organization: who belongs to it, and what it is responsible for."""
    organization = access_organization(get_actor(request), code)
    frame = _open_near(request, organization.seat_area.code)
    view = read_organization(frame.emergency, organization)
    return show(request, "organization.html", frame, tab="pairings", view=view)


def _open_near(request: HttpRequest, code: str | None) -> Frame:
    """Open the frame on an area, or on the actor's own where that one is out of their sight."""
    try:
        return open_frame(request, code)
    except NotFoundError:
        return open_frame(request)
