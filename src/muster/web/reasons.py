"""Why an area has this person: the published plan's choice against the next best."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from muster.coverage.kinds import AppointmentRole
from muster.coverage.planning.choices import find_explained_choice
from muster.kernel.errors import NotFoundError
from muster.situation.board_area import get_holding
from muster.web.frame import get_actor, open_frame, screen, show


@screen
@require_safe
def show_reason(request: HttpRequest, code: str, role: str) -> HttpResponse:
    """Show who would have come instead, what that would have cost, and whom it would have displaced."""
    frame = open_frame(request, code)
    if frame.emergency is None or role not in AppointmentRole.values:
        raise NotFoundError(_("There is no such role."), where=code)
    holding = get_holding(frame.emergency, frame.area, AppointmentRole(role))
    actor = get_actor(request)
    choice = find_explained_choice(actor, frame.emergency, frame.area, AppointmentRole(role), holding.person)
    return show(request, "reason.html", frame, tab="coverage", holding=holding, choice=choice)
