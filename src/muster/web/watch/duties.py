"""Setting the watch duties of an area: what, where, how often, and who falls in for whom after how long."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from muster.access.kinds import Right
from muster.access.queries import access_area
from muster.emergencies.queries import get_active
from muster.kernel.clock import CITY_ZONE
from muster.kernel.errors import MusterError, RuleError
from muster.needs.actions import WatchSpec, end_watch_duty, mark_doors, set_watch_duty, unmark_door
from muster.needs.queries.watching import get_watch_duty, list_marked_doors, list_watch_duties
from muster.needs.rules.watching import WEEK, list_hourly, propose_slug, read_times, write_times
from muster.situation.board import Frame
from muster.situation.board_area import read_area
from muster.territory.queries import list_levels
from muster.web.frame import get_actor, open_frame, screen, show
from muster.web.places import read_day
from muster.web.refusals import say_refusal
from muster.web.words import say_weekday

_TEXTS = {"name_zh": 40, "name_en": 60, "look_zh": 120, "look_en": 160, "how_zh": 120, "how_en": 160}
_MONDAY = date(2024, 1, 1)


@screen
@require_http_methods(["GET", "HEAD", "POST"])
def show_duties(request: HttpRequest, code: str) -> HttpResponse:
    """List the watch duties that reach into an area; take a new one."""
    return _show_form(request, code, None)


@screen
@require_http_methods(["GET", "HEAD", "POST"])
def show_duty(request: HttpRequest, code: str, slug: str) -> HttpResponse:
    """Show one watch duty to be changed, and its doors where it looks after doors."""
    return _show_form(request, code, slug)


def _show_form(request: HttpRequest, code: str, slug: str | None) -> HttpResponse:
    access_area(get_actor(request), code)
    frame = open_frame(request, code)
    emergency = get_active(frame.area)
    watch = get_watch_duty(emergency, slug) if slug else None
    if request.method == "POST":
        access_area(frame.actor, watch.area.code if watch else code, right=Right.PLAN)
        try:
            spec = _read_spec(request, frame, watch)
            set_watch_duty(actor=frame.actor, now=frame.now, emergency=emergency, spec=spec)
        except RuleError as error:
            return _show(request, frame, watch, error)
        messages.success(request, _("The watch duty is set."))
        return redirect("watch_duty", code, spec.slug)
    return _show(request, frame, watch)


def _show(request: HttpRequest, frame: Frame, watch: Any, refusal: MusterError | None = None) -> HttpResponse:
    emergency = get_active(frame.area)
    return show(
        request,
        "watch/duties.html",
        frame,
        tab="watch",
        view=read_area(emergency, frame.area),
        duties=list_watch_duties(emergency, frame.area),
        watch=watch,
        form=_fill(request, frame, watch),
        levels=[level for level in list_levels() if level.rank >= (watch or frame).area.level.rank],
        weekdays=[(str(day + 1), say_weekday(_MONDAY + timedelta(days=day), is_short=True)) for day in range(7)],
        doors=list_marked_doors(watch) if watch and watch.level_id is None else (),
        may_plan=Right.PLAN in frame.rights,
        refusal=say_refusal(refusal) if refusal else None,
        status=409 if refusal else 200,
    )


def _fill(request: HttpRequest, frame: Frame, watch: Any) -> dict[str, Any]:
    """Return what stands in the form: what was sent, what the duty is, or what is proposed for a new one."""
    if request.method == "POST":
        return {**request.POST.dict(), "weekdays": "".join(request.POST.getlist("weekdays"))}
    if watch is None:
        today = frame.now.astimezone(CITY_ZONE).date()
        return {
            "times": "08:00 20:00",
            "weekdays": WEEK,
            "deputy_after_min": 60,
            "community_after_min": 120,
            "starts_on": today.isoformat(),
            "level": "unit",
        }
    return {
        **{name: getattr(watch, name) for name in (*_TEXTS, "weekdays", "deputy_after_min", "community_after_min")},
        "times": write_times(watch.times_min),
        "level": watch.level.slug if watch.level else "",
        "is_unmanaged_only": watch.is_unmanaged_only,
        "starts_on": watch.starts_on.isoformat(),
        "ends_on": watch.ends_on.isoformat() if watch.ends_on else "",
    }


def _read_spec(request: HttpRequest, frame: Frame, watch: Any) -> WatchSpec:
    said = request.POST
    texts: dict[str, Any] = {name: said.get(name, "").strip()[:most] for name, most in _TEXTS.items()}
    texts["name_en"] = texts["name_en"] or texts["name_zh"]
    starts_on = watch.starts_on if watch else frame.now.astimezone(CITY_ZONE).date()
    level = next((one for one in list_levels() if one.slug == said.get("level")), None)
    return WatchSpec(
        slug=watch.slug if watch else _propose_slug(frame, texts["name_en"]),
        area=watch.area if watch else frame.area,
        level=level,
        mark=watch.mark if watch else "",
        is_unmanaged_only=level is not None and "is_unmanaged_only" in said,
        times_min=_read_times(said),
        weekdays="".join(day for day in WEEK if day in said.getlist("weekdays")),
        deputy_after_min=_read_minutes(said.get("deputy_after_min", "")),
        community_after_min=_read_minutes(said.get("community_after_min", "")),
        starts_on=read_day(request, "starts_on", starts_on),
        ends_on=read_day(request, "ends_on", date.max) if said.get("ends_on") else None,
        is_synthetic=watch.is_synthetic if watch else False,
        **texts,
    )


def _propose_slug(frame: Frame, name: str) -> str:
    taken = {duty.slug for duty in list_watch_duties(get_active(frame.area), get_active(frame.area).area)}
    return propose_slug(name, taken)


def _read_times(said: Any) -> tuple[int, ...]:
    """Read the times of the day, or lay them out every so many hours between the first and the last."""
    try:
        times = read_times(said.get("times", ""))
        every = said.get("every_h", "")
        if every.isascii() and every.isdigit() and len(times) in {1, 2}:
            return list_hourly(times[0], times[-1] if len(times) == 2 else 23 * 60 + 59, int(every))
    except ValueError as error:
        raise RuleError(f"{error} is no time of the day.", remedy="Write times such as 08:00 20:00.") from None
    return times


def _read_minutes(text: str) -> int:
    return min(int(text), 24 * 60) if text.isascii() and text.isdigit() and len(text) < 6 else 0


@screen
@require_POST
def end_duty(request: HttpRequest, code: str, slug: str) -> HttpResponse:
    """End a watch duty: nothing is due any more, what was seen stays."""
    actor = get_actor(request)
    watch = get_watch_duty(get_active(access_area(actor, code)), slug)
    access_area(actor, watch.area.code, right=Right.PLAN)
    end_watch_duty(actor=actor, now=open_frame(request, code).now, watch=watch)
    messages.success(request, _("The watch duty has ended."))
    return redirect("watch_duties", code)


@screen
@require_POST
def mark_door(request: HttpRequest, code: str, slug: str) -> HttpResponse:
    """Add a door to those that a watch duty looks after, or take one off."""
    frame = open_frame(request, code)
    watch = get_watch_duty(get_active(frame.area), slug)
    access_area(frame.actor, watch.area.code, right=Right.PLAN)
    taken_off = request.POST.get("off", "")
    if taken_off:
        door = next((one for one in list_marked_doors(watch) if str(one.pk) == taken_off), None)
        if door is not None:
            unmark_door(actor=frame.actor, now=frame.now, door=door)
        return redirect("watch_duty", code, slug)
    place = access_area(frame.actor, request.POST.get("place", "").strip(), right=Right.PLAN)
    number = request.POST.get("door", "").strip()[:20]
    mark_doors(actor=frame.actor, now=frame.now, emergency=watch.emergency, mark=watch.mark, doors=[(place, number)])
    return redirect("watch_duty", code, slug)
