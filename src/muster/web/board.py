"""The board: the first area that an actor sees, and the branches of the tree."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_safe

from muster.access.queries import may_found
from muster.situation.board import NothingToSeeError, list_branch
from muster.web.areas import show_area_page
from muster.web.first.steps import find_next_step
from muster.web.frame import get_actor, open_frame, screen


@screen
@require_safe
def show_board(request: HttpRequest) -> HttpResponse:
    """Show the board of the first area that the actor may see."""
    try:
        frame = open_frame(request)
    except NothingToSeeError:
        actor = get_actor(request)
        return redirect("first_steps") if may_found(actor) else render(request, "welcome.html")
    return show_area_page(request, frame, first_next=find_next_step(frame))


@screen
@require_safe
def show_branch(request: HttpRequest, code: str) -> HttpResponse:
    """Show what lies directly beneath one line of the tree, as a part of a page."""
    frame = open_frame(request, code)
    nodes = list_branch(frame.emergency, frame.area)
    return render(request, "parts/branch.html", {"nodes": nodes, "tab": request.GET.get("tab", "map")})
