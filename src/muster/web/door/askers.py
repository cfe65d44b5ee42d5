"""Who asked, for whoever takes a request further: where exactly; and, to whoever carries it, how to reach them."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from muster.kernel import clock
from muster.needs.actions.askers import show_contact
from muster.needs.queries import access_need
from muster.needs.queries.askers import access_picture, find_asker
from muster.web.frame import get_actor, screen


@screen
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def show_asker(request: HttpRequest, code: str) -> HttpResponseBase:
    """Show who asked; asked for it, how to reach them, which is written down."""
    actor = get_actor(request)
    need = access_need(actor, code)
    contact = show_contact(actor=actor, now=clock.now(), need=need) if request.method == "POST" else ""
    base = "door/bare.html" if getattr(request, "htmx", False) else "account_base.html"
    context = {"base": base, "need": need, "asker": find_asker(actor, need), "contact": contact, "now": clock.now()}
    return render(request, "door/asker.html", context)


@screen
@require_safe
def show_picture(request: HttpRequest, number: int) -> HttpResponseBase:
    """Show a picture that came with a request."""
    return HttpResponse(access_picture(get_actor(request), number), content_type="image/jpeg")
