"""Search over everything that has a name."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from muster.situation.board_search import search
from muster.web.frame import get_actor, open_frame, screen, show
from muster.web.tabs import find_tabs, is_code

PAGE_LIMIT = 50


@screen
@require_safe
def show_found(request: HttpRequest) -> HttpResponse:
    """Show what was found: beneath the search box as one types, or on a page of its own."""
    text = request.GET.get("q", "")
    if request.headers.get("HX-Target") == "found":
        code = request.GET.get("area", "")
        context = {"found": search(get_actor(request), text), "text": text, "code": code}
        return render(request, "parts/found.html", {**context, "views": find_tabs(text) if is_code(code) else []})
    found = search(get_actor(request), text, limit=PAGE_LIMIT)
    return show(request, "search.html", open_frame(request), tab="", found=found, text=text)
