"""The rounds of a day: how each stands at every place, what was found, and raising a need for it."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any
from uuid import NAMESPACE_OID, uuid5

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from muster.access.kinds import Right
from muster.access.queries import access_area, may
from muster.emergencies.queries import get_active
from muster.kernel import clock
from muster.kernel.clock import CITY_ZONE
from muster.kernel.errors import MusterError, RuleError
from muster.kernel.facts import count_taken, require_taken
from muster.needs.actions import WatchFact, raise_from_check, take_watch_checks
from muster.needs.kinds import NeedKind
from muster.needs.queries.watching import get_round, list_watch_duties
from muster.needs.rules.watching import DONE, WatchState
from muster.situation.board import Frame
from muster.situation.board_area import read_area
from muster.situation.board_watch import WatchBoard, WatchPlaceView, read_watch_board, read_watch_place
from muster.web.frame import get_actor, open_frame, screen, show
from muster.web.places import read_day
from muster.web.refusals import say_refusal
from muster.web.watch.moments import propose_seen_at, read_seen_at

_MOST_NOTE_CHARS = 200
_MOST_WORDS_CHARS = 360


@screen
@require_safe
def show_watch(request: HttpRequest, code: str) -> HttpResponse:
    """Show how the rounds of a day stand in an area: today's, or another day's."""
    return _show(request, open_frame(request, code))


def _show(request: HttpRequest, frame: Frame, refusal: MusterError | None = None) -> HttpResponse:
    view = read_area(frame.emergency, frame.area)
    if frame.emergency is None:
        return show(request, "watch/board.html", frame, tab="watch", view=view)
    today = frame.now.astimezone(CITY_ZONE).date()
    day = read_day(request, "day", today)
    board = read_watch_board(frame.emergency, frame.area, day, frame.now)
    chosen = _find_chosen(request, frame)
    return show(
        request,
        "watch/board.html",
        frame,
        tab="watch",
        view=view,
        board=board,
        figures=_count_states(board),
        chosen=chosen,
        seen_at=propose_seen_at(chosen.round, frame.now) if chosen else None,
        may_report=Right.REPORT in frame.rights,
        kinds=NeedKind.choices,
        duties=list_watch_duties(frame.emergency, frame.area),
        states=[state.value for state in _LEGEND],
        refusal=say_refusal(refusal) if refusal else None,
        status=409 if refusal else 200,
        **_days_around(day),
    )


_LEGEND = (
    WatchState.WELL,
    WatchState.FOUND,
    WatchState.DUE,
    WatchState.LATE,
    WatchState.MISSED,
    WatchState.TO_COME,
)


def _days_around(day: date) -> dict[str, Any]:
    return {"day": day, "before": day - timedelta(days=1), "after": day + timedelta(days=1)}


def _count_states(board: WatchBoard) -> list[tuple[str, int]]:
    """Count the cells of a board by state, in the order of the legend."""
    counts = dict.fromkeys(_LEGEND, 0)
    for line in board.lines:
        for _one, cell in line.cells:
            if cell is not None and cell.state is not None:
                counts[cell.state] += 1
    for part in board.parts:
        for _one, count in part.counts:
            if count is not None:
                counts[WatchState.WELL] += count.well
                counts[WatchState.FOUND] += count.found
                counts[count.open_state] += count.unseen
    return [(state.value, count) for state, count in counts.items()]


def _find_chosen(request: HttpRequest, frame: Frame) -> WatchPlaceView | None:
    number, place = request.GET.get("round", ""), request.GET.get("place", "")
    if not (number.isascii() and number.isdigit() and place and frame.emergency):
        return None
    one = get_round(frame.emergency, int(number))
    return read_watch_place(
        frame.emergency, one, access_area(frame.actor, place), request.GET.get("door", ""), frame.now
    )


@screen
@require_POST
def note_check(request: HttpRequest, code: str) -> HttpResponse:
    """Enter what somebody saw at one place, for whoever has no phone."""
    actor, now = get_actor(request), clock.now()
    said = request.POST
    area = access_area(actor, said.get("place", ""), right=Right.REPORT)
    one = get_round(get_active(area), _read_number(said.get("round", "")))
    try:
        fact = WatchFact(
            area.code,
            one.watch.slug,
            said.get("outcome") == "well",
            said.get("note", "").strip()[:_MOST_NOTE_CHARS],
            said.get("door", ""),
            # The same form sent twice is one check.
            client_id=uuid5(NAMESPACE_OID, f"{said.get('csrfmiddlewaretoken')}{one.pk}{area.code}{said.get('door')}"),
            at=read_seen_at(one, said.get("at", ""), now),
            is_for_other=True,
        )
        [answer] = take_watch_checks(actor=actor, now=now, facts=[fact])
        require_taken(answer)
    except RuleError as error:
        return _show(request, open_frame(request, code), error)
    messages.success(request, _("Entered."))
    return redirect(_address(code, one, area.code, said.get("door", "")))


@screen
@require_POST
def raise_need(request: HttpRequest, code: str) -> HttpResponse:
    """Raise a need for what a check found."""
    actor = get_actor(request)
    said = request.POST
    area = access_area(actor, said.get("place", ""), right=Right.REPORT)
    emergency = get_active(area)
    one = get_round(emergency, _read_number(said.get("round", "")))
    place = read_watch_place(emergency, one, area, said.get("door", ""), clock.now())
    check = next((each for each, _need in place.found if str(each.pk) == said.get("check")), None)
    kind = said.get("kind", "")
    words = said.get("words", "").strip()[:_MOST_WORDS_CHARS]
    if check is None or kind not in NeedKind.values or not words:
        error = RuleError("The need has no words.", remedy="Write what is needed.")
        return _show(request, open_frame(request, code), error)
    raise_from_check(actor=actor, now=clock.now(), check=check, kind=NeedKind(kind), words=words)
    messages.success(request, _("The need is raised."))
    return redirect(_address(code, one, area.code, place.door))


def _read_number(text: str) -> int:
    return int(text) if text.isascii() and text.isdigit() and len(text) <= 18 else 0


def _address(code: str, one: Any, place: str, door: str) -> str:
    day = one.starts_at.astimezone(CITY_ZONE).date().isoformat()
    asked = {"day": day, "round": one.pk, "place": place, **({"door": door} if door else {})}
    return f"{reverse('watch', args=[code])}?{urlencode(asked)}"


@screen
@require_http_methods(["GET", "HEAD", "POST"])
def show_paper(request: HttpRequest, code: str, number: int) -> HttpResponse:
    """Show the list of one round to be ticked at once, from paper; it is printed to be taken along as well."""
    area = access_area(get_actor(request), code, right=Right.REPORT)
    frame = open_frame(request, code)
    one = get_round(get_active(area), number)
    refusal = None
    if request.method == "POST":
        try:
            count = _take_paper(request, frame, one)
        except RuleError as error:
            refusal = error
        else:
            said = ngettext("%(count)d place entered.", "%(count)d places entered.", count) % {"count": count}
            messages.success(request, said)
            day = one.starts_at.astimezone(CITY_ZONE).date().isoformat()
            return redirect(f"{reverse('watch', args=[code])}?day={day}")
    return _show_paper(request, frame, one, refusal)


def _show_paper(request: HttpRequest, frame: Frame, one: Any, refusal: MusterError | None) -> HttpResponse:
    day = one.starts_at.astimezone(CITY_ZONE).date()
    board = read_watch_board(frame.emergency, frame.area, day, frame.now)  # type: ignore[arg-type]  # active there
    lines = [(line, {each.pk: cell for each, cell in line.cells}.get(one.pk)) for line in board.lines]
    return show(
        request,
        "watch/paper.html",
        frame,
        tab="watch",
        view=read_area(frame.emergency, frame.area),
        one=one,
        day=day,
        lines=[(line, cell, cell.state in DONE) for line, cell in lines if cell is not None],
        is_too_large=bool(board.parts),
        seen_at=propose_seen_at(one, frame.now),
        may_report=may(frame.actor, Right.REPORT, frame.area),
        refusal=say_refusal(refusal) if refusal else None,
        status=409 if refusal else 200,
    )


def _take_paper(request: HttpRequest, frame: Frame, one: Any) -> int:
    """Take what was ticked, each place once, however often the form is sent."""
    said = request.POST
    at = read_seen_at(one, said.get("at", ""), frame.now)
    sheet = f"{said.get('csrfmiddlewaretoken')}{one.pk}"
    facts = []
    for ticked in said.getlist("seen"):
        place, _sign, door = ticked.partition("#")
        note = said.get(f"note-{ticked}", "").strip()[:_MOST_NOTE_CHARS]
        is_well = said.get(f"found-{ticked}") is None
        number = uuid5(NAMESPACE_OID, f"{sheet}{ticked}")
        facts.append(WatchFact(place, one.watch.slug, is_well, note, door, client_id=number, at=at, is_for_other=True))
    answers = take_watch_checks(actor=frame.actor, now=frame.now, facts=facts)
    for answer in answers:
        require_taken(answer)
    return count_taken(answers)
