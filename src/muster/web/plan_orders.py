"""Ordering a plan, watching it being solved, and calling it off."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe
from django_htmx.http import HttpResponseClientRedirect

from muster.access.kinds import Right
from muster.access.queries import access_area, may
from muster.emergencies.queries import get_active
from muster.kernel import clock
from muster.kernel.errors import MusterError, NotFoundError, RuleError
from muster.plans.actions import Terms, cancel_order, order_plan
from muster.plans.kinds import OrderState, PlanKind
from muster.plans.queries import access_order, count_orders_ahead
from muster.web.frame import get_actor, open_frame, screen, show
from muster.web.places import read_day
from muster.web.refusals import Refusal, say_refusal
from muster.web.words import say_plan_step

TIME_LIMIT_S = 600
SEED_LIMIT = 999_999
DAYS_LIMIT = 31
TABS = {PlanKind.COVERAGE.value: "coverage", PlanKind.PAIRING.value: "pairings", PlanKind.ROSTER.value: "roster"}
_UNTAKEN_S = 8


def read_whole(request: HttpRequest, name: str, *, default: int, most: int, least: int = 0) -> int:
    """Return a whole number of a form, kept within its bounds."""
    typed = request.POST.get(name, "")
    number = int(typed) if typed.isascii() and typed.isdigit() else default
    return min(max(number, least), most)


def _read_terms(request: HttpRequest, kind: str) -> Terms:
    time_limit_s = float(read_whole(request, "time_limit_s", default=20, least=1, most=TIME_LIMIT_S))
    seed = read_whole(request, "seed", default=1, most=SEED_LIMIT)
    if kind != PlanKind.ROSTER:
        return Terms(time_limit_s, seed)
    tomorrow = clock.now().astimezone(clock.CITY_ZONE).date() + timedelta(days=1)
    starts_on = read_day(request, "starts_on", tomorrow)
    return Terms(time_limit_s, seed, starts_on, read_whole(request, "days", default=14, least=1, most=DAYS_LIMIT))


@screen
@require_POST
def start_plan(request: HttpRequest, code: str, kind: str) -> HttpResponse:
    """Order a plan for an area; nothing changes before it is published."""
    actor = get_actor(request)
    area = access_area(actor, code, right=Right.PLAN)
    try:
        emergency = get_active(area)
    except NotFoundError as error:
        refusal = say_refusal(error)
        messages.error(request, f"{refusal.what} {refusal.remedy}".strip())
        return redirect(TABS[kind], code)
    terms = _read_terms(request, kind)
    order = order_plan(actor=actor, now=clock.now(), kind=PlanKind(kind), emergency=emergency, area=area, terms=terms)
    return redirect("plan_order", order.pk)


@screen
@require_safe
def show_order(request: HttpRequest, number: int) -> HttpResponse:
    """Show how far an order is; one that is solved leads to its plan."""
    watch = _watch(request, number)
    if watch.plan:
        return redirect("plan", watch.plan)
    frame = open_frame(request, watch.area_code)
    return show(request, "plan_order.html", frame, tab=watch.tab, watch=watch)


@screen
@require_safe
def show_progress(request: HttpRequest, number: int) -> HttpResponse:
    """Show the part of the page that is asked for every second; where the order is solved, lead to its plan."""
    watch = _watch(request, number)
    if watch.plan:
        return HttpResponseClientRedirect(reverse("plan", args=[watch.plan]))
    return render(request, "parts/plan_progress.html", {"watch": watch})


@screen
@require_POST
def call_off(request: HttpRequest, number: int) -> HttpResponse:
    """Call an order off; where it has ended meanwhile, show what came of it."""
    actor = get_actor(request)
    order = access_order(actor, number, right=Right.PLAN)
    try:
        cancel_order(actor=actor, now=clock.now(), order=order)
    except RuleError:
        return redirect("plan_order", number)
    messages.success(request, _("The planning is canceled. Nothing has changed."))
    return redirect(TABS[order.kind], order.area.code)


@dataclass(frozen=True, slots=True)
class Watch:
    """An order as its page shows it.

    Parameters
    ----------
    number, kind, area_code, area_name, tab
        What was ordered, and the screen that it was ordered from.
    state
        How far it has come.
    step, done, total
        The step at hand in words, empty before the first, and its counts.
    elapsed_s, limit_s
        Seconds since it was taken (waiting: since it was ordered), and what the solver may take.
    ahead
        How many orders are taken before it.
    may_cancel
        Whether who looks may call it off.
    refusal
        What went wrong and what to do; None unless it failed.
    plan
        Number of the plan that came of it.
    """

    number: int
    kind: str
    area_code: str
    area_name: str
    tab: str
    state: str
    step: str
    done: int
    total: int
    elapsed_s: int
    limit_s: int
    ahead: int
    may_cancel: bool
    refusal: Refusal | None
    plan: int | None

    @property
    def is_open(self) -> bool:
        """Whether it waits or is being solved."""
        return self.state in {OrderState.QUEUED, OrderState.RUNNING}

    @property
    def is_untaken(self) -> bool:
        """Whether it is the first in the queue, and no worker has taken it for longer than one needs to look."""
        return self.state == OrderState.QUEUED and not self.ahead and self.elapsed_s >= _UNTAKEN_S


def _watch(request: HttpRequest, number: int) -> Watch:
    actor = get_actor(request)
    order = access_order(actor, number)
    began_at = order.begun_at or order.queued_at
    return Watch(
        number=order.pk,
        kind=str(order.get_kind_display()),
        area_code=order.area.code,
        area_name=order.area.name,
        tab=TABS[order.kind],
        state=order.state,
        step=say_plan_step(order.step) if order.step else "",
        done=order.done,
        total=order.total,
        elapsed_s=int(((order.ended_at or clock.real_now()) - began_at).total_seconds()),
        limit_s=int(order.time_limit_s),
        ahead=count_orders_ahead(order) if order.state == OrderState.QUEUED else 0,
        may_cancel=may(actor, Right.PLAN, order.area),
        refusal=say_refusal(MusterError(order.failure, remedy=order.remedy)) if order.failure else None,
        plan=order.plan_id,
    )
