"""What was asked twice: pairs side by side, joined, parted again, or kept apart."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from muster.kernel import clock
from muster.kernel.errors import NotAllowedError, RuleError
from muster.needs.actions.alike import join_needs, keep_needs_apart, part_need
from muster.needs.queries import access_need, list_alike_pairs, read_counts
from muster.situation.board_needs import list_need_lines
from muster.web.frame import get_actor, open_frame, screen, show
from muster.web.needs.acts import go_back
from muster.web.needs.queue import may_read
from muster.web.needs.words import say_likeness
from muster.web.refusals import say_refusal


@screen
@require_safe
def show_alike(request: HttpRequest, code: str) -> HttpResponse:
    """Show pairs of needs that may be one, most alike first."""
    frame = open_frame(request, code)
    if not may_read(frame):
        raise NotAllowedError("Your role does not allow this (report).", remedy="Ask the duty officer.")
    pairs = list_alike_pairs(frame.emergency, frame.area) if frame.emergency else []
    lines = {
        line.need.pk: line
        for line in list_need_lines([need for pair in pairs for need in (pair.older, pair.newer)], frame.area)
    }
    return show(
        request,
        "needs/alike.html",
        frame,
        tab="needs",
        part="alike",
        pairs=[
            (lines[pair.older.pk], lines[pair.newer.pk], [say_likeness(each) for each in pair.likenesses])
            for pair in pairs
        ],
        counts=read_counts(frame.emergency, frame.area) if frame.emergency else None,
        may_read=True,
    )


@screen
@require_POST
def join(request: HttpRequest, code: str) -> HttpResponse:
    """Let one need answer another too."""
    actor = get_actor(request)
    kept, other = access_need(actor, code), access_need(actor, request.POST.get("other", ""))
    try:
        join_needs(actor=actor, now=clock.now(), kept=kept, other=other)
    except RuleError as error:
        return _refuse(request, kept, error)
    messages.success(request, _("The two are one now: both askers see what becomes of it. It can be parted again."))
    return _show_need(request, kept)


@screen
@require_POST
def part(request: HttpRequest, code: str) -> HttpResponse:
    """Part a need from the one that answers it too."""
    actor = get_actor(request)
    need = access_need(actor, code)
    try:
        part_need(actor=actor, now=clock.now(), need=need)
    except RuleError as error:
        return _refuse(request, need, error)
    messages.success(request, _("The two stand apart again."))
    return _show_need(request, need)


@screen
@require_POST
def keep_apart(request: HttpRequest, code: str) -> HttpResponse:
    """Say that two needs are two."""
    actor = get_actor(request)
    one, other = access_need(actor, code), access_need(actor, request.POST.get("other", ""))
    try:
        keep_needs_apart(actor=actor, now=clock.now(), one=one, other=other)
    except RuleError as error:
        return _refuse(request, one, error)
    messages.success(request, _("Kept apart; the two are not shown as a pair again."))
    return _show_need(request, one)


def _refuse(request: HttpRequest, need: object, error: RuleError) -> HttpResponse:
    refusal = say_refusal(error)
    messages.error(request, f"{refusal.what} {refusal.remedy}".strip())
    return _show_need(request, need)


def _show_need(request: HttpRequest, need: object) -> HttpResponse:
    address = f"{reverse('needs', args=[need.area.code])}?need={need.code}"  # type: ignore[attr-defined]
    return go_back(request, address) if request.POST.get("back") else redirect(address)
