"""Following a request with its code: every step in plain words, a word back, and saying that it is solved."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from muster.kernel import clock
from muster.kernel.errors import NotFoundError, RuleError
from muster.needs.actions.relaying import add_word, settle_for_asker
from muster.needs.kinds import NeedState
from muster.needs.queries.askers import Followed, find_picture, get_followed
from muster.needs.queries.doors import Door
from muster.needs.rules import read_code
from muster.needs.rules.asking import MOST_NOTE
from muster.web.door.asking import read_id
from muster.web.door.frame import ABSENT, REFUSED, door_screen, say_busy, show
from muster.web.door.limits import count_wrong_code, may_try_code
from muster.web.door.words import say_steps, say_told
from muster.web.refusals import say_refusal


@require_safe
@door_screen
def find_need(request: HttpRequest, door: Door) -> HttpResponseBase:
    """Lead to the request whose code somebody typed."""
    code = read_code(request.GET.get("code", ""))[:16]
    return redirect("door_need", code=door.code, need=code) if code else redirect("door", code=door.code)


@require_http_methods(["GET", "HEAD", "POST"])
@door_screen
def show_need(request: HttpRequest, door: Door, need: str) -> HttpResponseBase:
    """Show how far a request is, and take what its asker says to it."""
    if not may_try_code(request, door.code):
        return say_busy(request, door, _("Too many wrong codes were tried at this door. Try again in an hour."))
    try:
        followed = get_followed(door.area, need)
    except NotFoundError as error:
        count_wrong_code(request, door.code)
        return show(request, "door/no_need.html", door, status=ABSENT, error=say_refusal(error), code=need[:16])
    if request.method != "POST":
        return _show(request, door, followed)
    try:
        _take(request, followed)
    except RuleError as error:
        return _show(request, door, followed, status=REFUSED, refusal=say_refusal(error))
    return redirect("door_need", code=door.code, need=followed.need.code)


def _take(request: HttpRequest, followed: Followed) -> None:
    """Take a word of the asker, or that it is solved, or needed no more."""
    act, words = request.POST.get("act", ""), request.POST.get("words", "")
    settled = {"solved": NeedState.ANSWERED, "withdraw": NeedState.WITHDRAWN}.get(act)
    if settled is None:
        add_word(now=clock.now(), need=followed.need, words=words, client_id=read_id(request.POST.get("id", "")))
    else:
        settle_for_asker(now=clock.now(), need=followed.need, state=settled, words=words)


def _show(
    request: HttpRequest, door: Door, followed: Followed, *, status: int = 200, **context: object
) -> HttpResponse:
    return show(
        request,
        "door/follow.html",
        door,
        status=status,
        followed=followed,
        told=say_told(request.GET.get("told", "")),
        said=say_steps(followed, door),
        most_note=MOST_NOTE,
        form_id=read_id(""),
        **context,
    )


@require_safe
@door_screen
def show_picture(request: HttpRequest, door: Door, need: str, number: int) -> HttpResponseBase:
    """Show a picture of a request to its asker."""
    image = find_picture(door.area, need, number) if may_try_code(request, door.code) else None
    if image is None:
        raise Http404
    return HttpResponse(image, content_type="image/jpeg")
