"""Plans: solved, shown as a difference to what stands, published or put aside."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from muster.access.kinds import Right
from muster.access.queries import access_area
from muster.coverage.planning import coverage_difference, plan_coverage, publish_coverage
from muster.emergencies.queries import get_active
from muster.kernel import clock
from muster.kernel.errors import RuleError, StaleBaseError
from muster.plans.actions import set_aside
from muster.plans.kinds import PlanKind, PlanState
from muster.plans.queries import access_plan
from muster.web.frame import get_actor, open_frame, screen, show

TIME_LIMIT_S = 60
SEED_LIMIT = 999_999


@dataclass(frozen=True)
class PlanScreen:
    """What the page of a kind of plan shows and does."""

    template: str
    tab: str
    difference: Callable[[Any], Any]
    publish: Callable[..., Any]


SCREENS: dict[str, PlanScreen] = {
    PlanKind.COVERAGE: PlanScreen("plan_coverage.html", "coverage", coverage_difference, publish_coverage),
}


def read_whole(request: HttpRequest, name: str, *, default: int, most: int, least: int = 0) -> int:
    """Return a whole number of a form, kept within its bounds."""
    typed = request.POST.get(name, "")
    number = int(typed) if typed.isascii() and typed.isdigit() else default
    return min(max(number, least), most)


def read_limits(request: HttpRequest) -> dict[str, Any]:
    """Return the time limit and the seed that a form asks a plan to be solved with."""
    return {
        "time_limit_s": float(read_whole(request, "time_limit_s", default=20, least=1, most=TIME_LIMIT_S)),
        "seed": read_whole(request, "seed", default=1, most=SEED_LIMIT),
    }


@screen
@require_POST
def solve_coverage(request: HttpRequest, code: str) -> HttpResponse:
    """Solve a plan of coverage for an area; nothing changes before it is published."""
    actor = get_actor(request)
    area = access_area(actor, code, right=Right.PLAN)
    plan = plan_coverage(actor=actor, now=clock.now(), emergency=get_active(area), area=area, **read_limits(request))
    return redirect("plan", plan.pk)


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
    return show(
        request,
        face.template,
        frame,
        tab=face.tab,
        status=status,
        plan=plan,
        is_open=plan.state == PlanState.SOLVED,
        difference=face.difference(plan),
        refusal=refusal,
    )


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
    return redirect(SCREENS[plan.kind].tab, plan.area.code)


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
    return redirect(SCREENS[plan.kind].tab, plan.area.code)
