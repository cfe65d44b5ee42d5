"""Moving a duty on the grid: where it may go while it is held, and the move itself."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from muster.access.kinds import Right
from muster.access.queries import access_area, access_person, filter_people
from muster.duty.actions import move_duty
from muster.duty.queries import Hindrance, Pair, RosterSpan, find_hindrances, list_open_shifts
from muster.kernel import clock
from muster.kernel.clock import CITY_ZONE
from muster.kernel.errors import MusterError, NotFoundError, RuleError
from muster.people.queries import list_people
from muster.situation.board import Frame
from muster.situation.board_place import get_duty, get_shift
from muster.web.frame import get_actor, open_frame, screen
from muster.web.places import read_number
from muster.web.refusals import say_refusal
from muster.web.roster import write_line
from muster.web.roster_asking import Asked, read_asked, read_people, read_posts
from muster.web.roster_lines import read_lines
from muster.web.words import say_broken, say_day, say_name

MAY = -1
"""Stands among the numbers of reasons for: nothing keeps them apart."""


class Reasons:
    """Why duties may not be where they are held over: each reason written once, and told by its number."""

    def __init__(self) -> None:
        self._numbers: dict[str, int] = {}

    def number(self, words: str) -> int:
        """Return the number of a reason."""
        return self._numbers.setdefault(words, len(self._numbers))

    @property
    def words(self) -> list[str]:
        """Return the reasons in the order of their numbers."""
        return list(self._numbers)

    def tell(self, hindrance: Hindrance | None) -> int:
        """Return the number of what keeps a person from a shift, or that nothing does."""
        if hindrance is None:
            return MAY
        if hindrance.broken is not None:
            rule = hindrance.broken
            return self.number(say_broken(rule.rule, rule.found, rule.limit))
        return self.number(str(hindrance.unfit.label) if hindrance.unfit else _("stands on this shift already"))


@screen
@require_safe
def show_reach(request: HttpRequest, code: str) -> HttpResponse:
    """Tell for a duty that is taken up where on the grid it may be put down, and why not elsewhere."""
    frame = open_frame(request, code)
    access_area(frame.actor, code, right=Right.APPOINT)
    asked = read_asked(request, code, frame.now)
    span = asked.span(frame)
    try:
        duty = get_duty(span.emergency, frame.area, read_number(request.GET.get("duty", "")))
        if duty.ends_at <= frame.now:
            raise RuleError("The shift is over; what happened is not unmade.")
    except MusterError as error:
        return _refuse(error)
    reach = _reach_posts if asked.by == "posts" else _reach_people
    return JsonResponse({"seen": frame.now.isoformat(), **reach(frame, asked, span, duty)})


def _reach_people(frame: Frame, asked: Asked, span: RosterSpan, duty: Any) -> dict[str, Any]:
    """Tell which people of the rows may take a duty, on its own day and on those whose same shift lacks people."""
    people = asked.read_outline(frame, span).people
    shifts = [duty.shift, *list_open_shifts(span, frame.now, like=duty.shift)]
    hindrances = find_hindrances(duty, shifts, people)
    reasons = Reasons()
    theirs = list_people().filter(pk__in=people)
    allowed = set(filter_people(frame.actor, theirs, Right.APPOINT).values_list("pk", flat=True))
    rows: dict[int, list[int]] = defaultdict(lambda: [MAY] * len(shifts))
    columns = {shift.pk: at for at, shift in enumerate(shifts)}
    for pair, hindrance in hindrances.items():
        rows[pair.person][columns[pair.shift]] = reasons.tell(hindrance)
    for person in set(people) - allowed:
        rows[person] = [reasons.number(_("is not yours to place"))] * len(shifts)
    rows[duty.person_id][0] = reasons.number(_("stands there now"))
    open_days = [[_day_number(shift, asked), shift.pk] for shift in shifts]
    return {"open": open_days, "rows": rows, "words": reasons.words}


def _reach_posts(frame: Frame, asked: Asked, span: RosterSpan, duty: Any) -> dict[str, Any]:
    """Tell on which empty places of all posts the person of a duty may stand instead."""
    shifts = list_open_shifts(span, frame.now)
    hindrances = find_hindrances(duty, shifts, [duty.person_id])
    reasons = Reasons()
    cells: dict[str, dict[int, Sequence[int]]] = defaultdict(dict)
    for shift in shifts:
        why = reasons.tell(hindrances.get(Pair(duty.person_id, shift.pk)))
        cells[f"{shift.post_id}-{shift.pattern_id}"][_day_number(shift, asked)] = (shift.pk, why)
    return {"cells": cells, "words": reasons.words}


def _day_number(shift: Any, asked: Asked) -> int:
    day: int = (shift.starts_at.astimezone(CITY_ZONE).date() - asked.starts_on).days
    return day


@screen
@require_POST
def move(request: HttpRequest, code: str) -> HttpResponse:
    """Move a duty as it was seen; answer with the rows as they are then, and how to undo it."""
    frame = open_frame(request, code)
    area = access_area(get_actor(request), code, right=Right.APPOINT)
    asked = read_asked(request, code, frame.now)
    span = asked.span(frame)
    try:
        duty = get_duty(span.emergency, area, read_number(request.POST.get("duty", "")))
        person = _read_person(request, frame, duty)
        shift = get_shift(span.emergency, area, read_number(request.POST.get("shift", "")))
        seen_at = _read_moment(request)
        new = move_duty(actor=frame.actor, now=clock.now(), duty=duty, person=person, shift=shift, seen_at=seen_at)
    except MusterError as error:
        return _refuse(error)
    keys = read_posts(request) if asked.by == "posts" else read_people(request)
    undo = {"duty": new.pk, "person": duty.person_id, "shift": duty.shift_id, "seen": clock.now().isoformat()}
    return JsonResponse(
        {
            "words": _say_move(duty, person, shift),
            "duty": new.pk,
            "undo": undo,
            "rows": {line.key: write_line(line, asked) for line in read_lines(frame, asked, span, keys)},
            "missing": asked.read_outline(frame, span).missing if shift.pk != duty.shift_id else None,
        }
    )


def _read_person(request: HttpRequest, frame: Frame, duty: Any) -> Any:
    """Read who is to stand there: by the number of their row, or whoever has the duty."""
    number = request.POST.get("person", "")
    asked = duty.person if not number else list_people().filter(pk=read_number(number)).first()
    if asked is None:
        raise NotFoundError("There is no such person.")
    return access_person(frame.actor, asked.code, Right.APPOINT)


def _read_moment(request: HttpRequest) -> datetime:
    try:
        moment = datetime.fromisoformat(request.POST.get("seen", ""))
    except ValueError:
        moment = None
    if moment is None or moment.tzinfo is None:
        raise NotFoundError("It is not said when the roster was seen.")
    return moment


def _say_move(duty: Any, person: Any, shift: Any) -> str:
    """Return what was moved where, each part only where it tells something."""
    was, becomes = duty.person.name, person.name if person.pk != duty.person_id else ""
    days = [say_day(each.starts_at.astimezone(CITY_ZONE).date()) for each in (duty.shift, shift)]
    patterns = [say_name(each.pattern) for each in (duty.shift, shift)]
    posts = [each.post.name for each in (duty.shift, shift)]
    parts = [pair for pair in (days, patterns, posts) if pair[0] != pair[1]]
    told = " ".join([was, days[0], patterns[0], *([posts[0]] if posts[0] != posts[1] else [])])
    return f"{told} → {' '.join([becomes, *(pair[1] for pair in parts)]).strip()}"


def _refuse(error: MusterError) -> JsonResponse:
    if isinstance(error, NotFoundError):
        return JsonResponse({"words": _("This is not on the roster any more. Look at it again.")}, status=404)
    refusal = say_refusal(error)
    return JsonResponse({"words": f"{refusal.what} {refusal.remedy}".strip()}, status=409)
