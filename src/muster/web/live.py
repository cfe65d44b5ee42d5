"""What changed on an open screen: as a stream of events, or asked for again and again; and the parts of it anew."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from muster.access.queries import access_area
from muster.access.standing import find_standing
from muster.situation.board import find_home
from muster.situation.live_changes import EVERYWHERE, Stir, Topic, stamp
from muster.situation.live_hub import HUB_KEY, LISTENER_KEY, Hub, Listener, sum_up
from muster.web.board_canvas import read_canvas, read_view
from muster.web.frame import get_actor, open_frame, screen
from muster.web.playback import PAST_PARTS, find_moment, read_past

MOST_OPENED = 40
_STREAM = "text/event-stream"


@screen
@never_cache
@require_safe
def follow_area(request: HttpRequest, code: str) -> HttpResponse:
    """Tell what changes in an area from a mark on: whoever takes a stream, for as long as they may see it."""
    actor = get_actor(request)
    area = access_area(actor, code)
    home = find_home(actor, area)
    hub: Hub | None = request.META.get(HUB_KEY)
    since = _read_mark(request)
    if _STREAM not in request.headers.get("Accept", ""):
        mark = hub.mark if hub else stamp()
        stirs = hub.list_since(since or 0) if hub else [Stir(topic, EVERYWHERE) for topic in Topic]
        return HttpResponse(sum_up(stirs, mark, area.path, home.path).as_json(), content_type="application/json")
    standing = find_standing(actor, request.session.session_key)
    if hub is None or hub.is_full or standing is None:
        # An event source that is answered so does not ask again; the screen then asks without one.
        return HttpResponse(status=204)
    request.META[LISTENER_KEY] = Listener(hub, area.path, home.path, standing, since)
    # A proxy that gathers answers would keep what happens from being seen.
    return HttpResponse(content_type=_STREAM, headers={"X-Accel-Buffering": "no"})


def _read_mark(request: HttpRequest) -> int | None:
    """Read from which mark on somebody wants to know: where a stream broke off comes before where it began."""
    said = request.headers.get("Last-Event-ID") or request.GET.get("since", "")
    return int(said) if said.isascii() and said.isdigit() else None


@screen
@never_cache
@require_safe
def show_parts(request: HttpRequest, code: str) -> HttpResponse:
    """Show some parts of the board and nothing around them, as they are now or stood at a moment that is asked for."""
    parts = PAST_PARTS & set(request.GET.getlist("part"))
    if not parts:
        raise Http404
    opened = request.GET.getlist("open")[:MOST_OPENED]
    frame = open_frame(request, code, opened=opened if "tree" in parts else ())
    at = find_moment(request, frame)
    if at is not None:
        past, context = read_past(frame, at, parts)
        return render(request, "parts/live.html", {"frame": past, "tab": "map", "parts": parts, **context})
    view = read_view(frame) if parts & {"map", "facts"} else None
    context = {"frame": frame, "tab": "map", "parts": parts, "view": view}
    return render(request, "parts/live.html", context | read_canvas(frame, view, parts))
