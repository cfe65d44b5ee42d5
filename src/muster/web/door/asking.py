"""Asking for help at a door: a form that counts once, however often it is sent."""

from __future__ import annotations

from typing import Any
from uuid import UUID, uuid4

from django.core.files.uploadedfile import UploadedFile
from django.http import HttpRequest, QueryDict
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from muster.kernel import clock
from muster.kernel.errors import RuleError
from muster.needs.actions.asking import DOOR_PAGE, MOST_PICTURES, Asked, Asking, ask_for_help
from muster.needs.kinds import NeedKind
from muster.needs.queries.doors import Door
from muster.needs.rules.asking import MOST_CONTACT, MOST_HOUSEHOLD, MOST_WORDS
from muster.needs.rules.pictures import MOST_BYTES
from muster.web.door.frame import REFUSED, door_screen, say_busy, show
from muster.web.door.limits import may_ask
from muster.web.door.words import KINDS
from muster.web.refusals import say_refusal

LENGTHS = {"words": MOST_WORDS, "household": MOST_HOUSEHOLD, "contact": MOST_CONTACT}


@sensitive_post_parameters()
@require_http_methods(["GET", "HEAD", "POST"])
@door_screen
def show_asking(request: HttpRequest, door: Door) -> HttpResponseBase:
    """Ask what is needed, and raise it."""
    if request.method != "POST":
        return show(request, "door/ask.html", door, **form_of(request.GET))
    if not may_ask(request, door.code):
        return say_busy(request, door, _("Very many requests came from this door within an hour."))
    try:
        asked = ask_for_help(actor=DOOR_PAGE, now=clock.now(), area=door.area, asking=read_asking(request))
    except RuleError as error:
        return show(request, "door/ask.html", door, status=REFUSED, refusal=say_refusal(error), **form_of(request.POST))
    return redirect(_follow_address(door, asked))


def _follow_address(door: Door, asked: Asked) -> str:
    told = "lost" if asked.pictures_lost else "new" if asked.is_new else "again"
    return f"{reverse('door_need', args=[door.code, asked.need.code])}?told={told}"


def read_asking(request: HttpRequest) -> Asking:
    """Read what a form asks for."""
    typed = request.POST
    return Asking(
        client_id=read_id(typed.get("id", "")),
        kind=read_kind(typed),
        words=typed.get("words", ""),
        household=typed.get("household", ""),
        contact=typed.get("contact", ""),
        pictures=[_read_picture(file) for file in request.FILES.getlist("pictures")[:MOST_PICTURES]],
    )


def _read_picture(file: UploadedFile[bytes]) -> bytes:
    # One that is too large is not read: it counts as one that cannot be opened.
    return file.read() if (file.size or 0) <= MOST_BYTES else b""


def read_kind(typed: QueryDict) -> NeedKind | None:
    """Read what was chosen by picture; None where nothing was."""
    chosen = typed.get("kind", "")
    return NeedKind(chosen) if chosen in NeedKind.values else None


def read_id(typed: str) -> UUID:
    """Read the id that a form was made with; a new one where it has none."""
    try:
        return UUID(typed)
    except ValueError:
        return uuid4()


def form_of(typed: QueryDict) -> dict[str, Any]:
    """Return what a form shows again of what was typed."""
    return {
        "form_id": read_id(typed.get("id", "")),
        "kind": read_kind(typed),
        "kinds": KINDS,
        "typed": {name: typed.get(name, "") for name in LENGTHS},
        "most": LENGTHS,
        "most_pictures": MOST_PICTURES,
    }
