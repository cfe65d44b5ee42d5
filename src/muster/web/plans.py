"""Plans: solved, shown as a difference to what stands, published or put aside."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from muster.access.kinds import Right
from muster.coverage import planning as coverage_planning
from muster.coverage.planning import PlanDifference
from muster.duty import planning as duty_planning
from muster.duty.planning import RosterDifference
from muster.kernel import clock
from muster.kernel.errors import RuleError, StaleBaseError
from muster.plans.actions import set_aside
from muster.plans.kinds import PlanKind, PlanState
from muster.plans.queries import access_plan
from muster.situation.board import Frame
from muster.situation.board_gaps import read_remedy_names
from muster.situation.board_map import read_map
from muster.web.frame import get_actor, open_frame, screen, show
from muster.web.plan_map import draw_plan_map
from muster.web.plan_picture import draw_plan
from muster.web.refusals import say_refusal
from muster.web.roster_changes import draw_changes


@dataclass(frozen=True)
class PlanScreen:
    """What the page of a kind of plan shows and does."""

    template: str
    tab: str
    difference: Callable[[Any], Any]
    publish: Callable[..., Any]


SCREENS: dict[str, PlanScreen] = {
    PlanKind.COVERAGE: PlanScreen(
        "plan_coverage.html",
        "coverage",
        coverage_planning.difference,
        coverage_planning.publish,
    ),
    PlanKind.PAIRING: PlanScreen(
        "plan_coverage.html",
        "pairings",
        coverage_planning.difference,
        coverage_planning.publish,
    ),
    PlanKind.ROSTER: PlanScreen(
        "plan_roster.html",
        "roster",
        duty_planning.difference,
        duty_planning.publish,
    ),
}


@screen
@require_safe
def show_plan(request: HttpRequest, number: int) -> HttpResponse:
    """Show what a plan would change of what stands."""
    return _show_plan(request, number)


def _show_plan(
    request: HttpRequest, number: int, *, refusal: RuleError | StaleBaseError | None = None, status: int = 200
) -> HttpResponse:
    plan = access_plan(get_actor(request), number)
    face = SCREENS[plan.kind]
    frame = open_frame(request, plan.area.code)
    difference = face.difference(plan) if plan.plan else None
    drawn: dict[str, Any] = {}
    if isinstance(difference, RosterDifference):
        drawn = draw_changes(request, frame, plan, difference)
    elif difference is not None:
        drawn = _draw_coverage(frame, plan, difference)
    return show(
        request,
        face.template,
        frame,
        tab=face.tab,
        status=status,
        plan=plan,
        is_open=plan.state == PlanState.SOLVED,
        difference=difference,
        refusal=say_refusal(refusal) if refusal else None,
        **drawn,
    )


def _draw_coverage(frame: Frame, plan: Any, difference: PlanDifference) -> dict[str, Any]:
    legend = [("new", _("new")), ("replaced", _("replaced")), ("moved", _("moved")), ("ended", _("ended"))]
    names = read_remedy_names(frame.actor, (gap.detail for gap in difference.gaps)) if frame.may_see_people else {}
    return {
        "remedy_names": names,
        "plan_map": draw_plan_map(read_map(frame.emergency, plan.area, ()), difference),
        "plan_lines": draw_plan(plan.area, difference, has_names=frame.may_see_people),
        "plan_legend": [*legend, ("gap", _("left open"))],
    }


@screen
@require_POST
def publish_plan(request: HttpRequest, number: int) -> HttpResponse:
    """Publish a plan; when what it was planned from has changed, say what."""
    actor = get_actor(request)
    plan = access_plan(actor, number, right=Right.PUBLISH)
    try:
        SCREENS[plan.kind].publish(actor=actor, now=clock.now(), plan=plan)
    except (StaleBaseError, RuleError) as error:
        return _show_plan(request, number, refusal=error, status=409)
    messages.success(request, _("Plan %(number)d is published.") % {"number": number})
    return _return_to(plan)


@screen
@require_POST
def put_aside(request: HttpRequest, number: int) -> HttpResponse:
    """Put a plan aside."""
    actor = get_actor(request)
    plan = access_plan(actor, number, right=Right.PLAN)
    try:
        set_aside(actor=actor, now=clock.now(), plan=plan)
    except RuleError as error:
        return _show_plan(request, number, refusal=error, status=409)
    messages.success(request, _("Plan %(number)d is put aside. Nothing has changed.") % {"number": number})
    return _return_to(plan)


def _return_to(plan: Any) -> HttpResponse:
    address = reverse(SCREENS[plan.kind].tab, args=[plan.area.code])
    return redirect(f"{address}?from={plan.starts_on}" if plan.starts_on else address)
